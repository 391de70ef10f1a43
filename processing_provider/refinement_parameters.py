"""The parameters of Train refinement stage."""

from __future__ import annotations

from qgis.core import QgsProcessingParameterDefinition

from ..engine import jobs
from .algorithm import tr
from .parameter_kinds import choice, number, optional_file, with_decimals, with_facts
from .parameters import advanced, explained
from .path_facts import FIRST_MODEL
from .refinement_names import RefinementNames
from .training_parameters import course_parameters, model_folder, resume_parameter, training_folder
from .training_run_parameters import further_outputs, run_parameters
from .training_schedule_parameters import schedule_parameters, validation_parameters
from .training_target_parameters import augmentation_parameters, further_loss_parameters, label_parameters
from .translation import tr_noop

#: LOSS: public value, value in the job.
LOSSES = {
    "KEY_PIXELS": "key_pixels", "MULTITASK": "multitask", "BCE_DICE": "bce_dice", "WEIGHTED_BCE_DICE": "weighted_bce_dice",
}
RESIDUALS = ["logit", "probability"]
#: Names of shared parameters, and what is to be said of them here.
_OTHER_HELP = {
    RefinementNames.BATCH_SIZE: tr_noop("Chips per step; 8 is the paper's. Empty: chosen from the device's memory."),
    RefinementNames.LEARNING_RATE: tr_noop(
        "Highest rate of the one-cycle schedule; 0.0001 is the paper's. Empty: a search before the first epoch finds one."
    ),
    RefinementNames.VALIDATION_PERCENT: tr_noop(
        "Share of the chips that is kept for validation; 5 is the paper's. With the share, split and seed of the first model's "
        "training the same chips are kept, and both stages can be compared."
    ),
    RefinementNames.CENTRE_LINES: tr_noop(
        "As in the first model's training: the width of the labels means nothing, and roads of one width (6.7 m) are drawn along "
        "their middle and learned instead."
    ),
}


def refinement_parameters() -> list[QgsProcessingParameterDefinition]:
    """Return the parameters in the order of the dialog: the most used ones, then those under "Advanced parameters"."""
    defaults = jobs.TrainRefinementStage()
    rare = [
        resume_parameter(), *_network_parameters(defaults), *_map_parameters(defaults), *_loss_parameters(defaults),
        *further_loss_parameters(), *validation_parameters(defaults), *label_parameters(), *augmentation_parameters(),
        *schedule_parameters(defaults), *run_parameters(), *further_outputs(),
    ]
    parameters = [
        _model(), training_folder(), *course_parameters(), _width(defaults), *(advanced(each) for each in rare), model_folder()
    ]
    for each in parameters:
        if each.name() in _OTHER_HELP:
            explained(each, tr(_OTHER_HELP[each.name()]))
    return parameters


def _model() -> QgsProcessingParameterDefinition:
    return explained(
        with_facts(optional_file(
            RefinementNames.MODEL, tr("Model of the first stage (empty: the one that comes with Roadsmith)"),
            tr("Model packages (*.dlpk *.emd)"),
        ), FIRST_MODEL),
        tr("The .dlpk or .emd of a model package that Train road extractor wrote, with any network; it stays as it is. Empty: "
           "the road model that comes with Roadsmith. The log tells what the model is."),
    )


def _width(defaults: jobs.TrainRefinementStage) -> QgsProcessingParameterDefinition:
    return explained(
        number(RefinementNames.BASE_WIDTH, tr("First width (channels)"), defaults.base_width, 1, 512),
        tr("Channels of the refining network's first level, doubled in each further one up to 512. 32 is the paper's (57.8 "
           "million parameters with 7 layers); 8 or 16, and fewer layers, suit small data and computers without a GPU."),
    )


def _network_parameters(defaults: jobs.TrainRefinementStage) -> list[QgsProcessingParameterDefinition]:
    names = RefinementNames
    return [
        explained(
            number(names.LAYERS, tr("Layers"), defaults.layers, 1, 8),
            tr("Poolings of the refining network: each lets it see twice as far. 7 is the paper's."),
        ),
        explained(
            choice(names.RESIDUAL, tr("Residual (how the map reaches the output)"), RESIDUALS, defaults.residual),
            tr("logit: the network's answer is added to the map's logits, so that it begins with the first stage's roads as they "
               "are. probability: to the map itself, the paper's drawing read literally."),
        ),
    ]


def _map_parameters(defaults: jobs.TrainRefinementStage) -> list[QgsProcessingParameterDefinition]:
    names = RefinementNames
    least = tr("Least IoU of a chip's first map")
    return [
        explained(
            with_decimals(number(names.MIN_SAMPLE_IOU, least, defaults.min_sample_iou, 0.0, 1.0), 3),
            tr("Chips of which the first stage's map is worse are not learned from; the log tells how many. 0.25 is the paper's, "
               "0 learns from all."),
        ),
        explained(
            with_decimals(number(names.CORRUPTION, tr("Share of spoiled first maps"), defaults.corruption, 0.0, 1.0), 2),
            tr("In so many of the chips pieces of road are erased from the map, and false roads drawn into it, each time anew: "
               "the first stage's maps are better on chips that it learned from than they are elsewhere. 0 to 1, for instance "
               "0.3; 0 spoils none."),
        ),
        explained(
            number(names.FOLDS, tr("Folds (first maps of networks that have not seen the chip)"), defaults.folds, 0, 50),
            tr("2 or more: the training chips are shared out among so many folds, and the first network is trained anew for each "
               "on the others' chips, so that every map is of a network that has not seen the chip. The honest way, at the cost "
               "of so many trainings more; 3 is a good number. 0: the first model's own maps."),
        ),
        explained(
            number(names.FOLD_EPOCHS, tr("Epochs of a fold's network"), defaults.fold_epochs, 0, 10000),
            tr("With folds: how long each of these trainings takes. 0: as many epochs as the first model took to its best."),
        ),
    ]


def _loss_parameters(defaults: jobs.TrainRefinementStage) -> list[QgsProcessingParameterDefinition]:
    names = RefinementNames
    threshold, weight = tr("Key pixel threshold"), tr("Key pixel weight")
    return [
        explained(
            choice(names.LOSS, tr("Loss"), list(LOSSES)),
            tr("KEY_PIXELS: the paper's, cross-entropy with a weight for key pixels, and Dice. BCE_DICE: the same without. "
               "WEIGHTED_BCE_DICE: with a weight for road instead. MULTITASK: soft IoU."),
        ),
        explained(
            with_decimals(number(names.KEY_PIXEL_THRESHOLD, threshold, defaults.key_pixel_threshold, 0.0, 1.0), 3),
            tr("With KEY_PIXELS: pixels that the first stage gives a higher probability are key pixels. 0.05 is the paper's."),
        ),
        explained(
            with_decimals(number(names.KEY_PIXEL_WEIGHT, weight, defaults.key_pixel_weight, 0.01, 1000.0), 2),
            tr("With KEY_PIXELS: what a key pixel counts where others count 1. The paper tried 1 to 1.11; 1.03 was best."),
        ),
    ]
