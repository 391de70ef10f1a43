"""The parameters of trainings about how a training runs on the computer, and what it writes beside the model."""

from __future__ import annotations

from qgis.core import QgsProcessingParameterBoolean, QgsProcessingParameterDefinition

from .algorithm import tr
from .parameter_kinds import choice, number
from .parameters import DEVICES, explained
from .training_names import AnyTrainingNames

PRECISIONS = ["auto", "float32", "bfloat16", "float16"]


def run_parameters() -> list[QgsProcessingParameterDefinition]:
    """Return the parameters about device, repetition and speed."""
    names = AnyTrainingNames
    return [
        explained(
            number(names.SEED, tr("Random seed"), 42, 0, 2**31 - 1),
            tr("Same seed, same data, same machine: same model."),
        ),
        explained(choice(names.DEVICE, tr("Device"), DEVICES), tr("auto takes the GPU if there is one.")),
        explained(
            choice(names.PRECISION, tr("Precision (number format)"), PRECISIONS),
            tr("auto: the fastest that the device is good at. float32 is exact and needs most memory; bfloat16 suits newer GPUs; "
               "float16 needs an NVIDIA GPU."),
        ),
        explained(
            number(names.NUM_PROCESSES, tr("Processes (GPUs)"), None, 1, 64),
            tr("So many processes share every step, on a GPU of its own each where there are several. Empty: one for each "
               "NVIDIA GPU, else one in all."),
        ),
        explained(
            QgsProcessingParameterBoolean(names.COMPILE, tr("Compile the network"), False),
            tr("torch.compile makes each epoch faster, but the first steps take minutes: for long trainings on a GPU."),
        ),
    ]


def further_outputs() -> list[QgsProcessingParameterDefinition]:
    """Return the parameters about what is scored at the end, and written beside the model package."""
    names = AnyTrainingNames
    return [
        explained(
            QgsProcessingParameterBoolean(names.NETWORK_SCORES, tr("Score road networks"), False),
            tr("At the end, roads are drawn from the validation chips (64 at most) as Raster to road vector does, and compared "
               "with those of the labels: APLS, TOPO, completeness and correctness, in the report and the model package."),
        ),
        explained(
            QgsProcessingParameterBoolean(names.ONNX, tr("Write the network as ONNX too"), False),
            tr("NAME.onnx in the model folder, for programs that do not know PyTorch. Needs the packages onnx and onnxruntime in "
               "Roadsmith's Python."),
        ),
        explained(
            QgsProcessingParameterBoolean(names.TENSORBOARD, tr("Write figures for TensorBoard"), False),
            tr("Losses and scores of every epoch in the folder tensorboard of the model folder; before the training is over, of "
               "NAME~checkpoint. Needs the package tensorboard in Roadsmith's Python."),
        ),
    ]
