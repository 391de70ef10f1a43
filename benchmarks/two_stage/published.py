"""The tables of Li, Comer and Zerubia (2022), Massachusetts Roads: IoU and F1 of road on its 49 test images."""

from __future__ import annotations

#: Their Table 2, by first network: IoU and F1 of stage one, of stage two.
BY_NETWORK = {
    "unet8": ((0.6120, 0.7565), (0.6433, 0.7804)),
    "unet32": ((0.6407, 0.7781), (0.6474, 0.7832)),
    "segnet": ((0.6377, 0.7758), (0.6476, 0.7832)),
    "resunet": ((0.6328, 0.7723), (0.6530, 0.7877)),
    "dlinknet": ((0.6263, 0.7677), (0.6534, 0.7880)),
}
#: Their Table 1, by the weight of key pixels: IoU of stage two over ResUnet.
BY_WEIGHT = {1.00: 0.6455, 1.03: 0.6530, 1.05: 0.6529, 1.11: 0.6486}
