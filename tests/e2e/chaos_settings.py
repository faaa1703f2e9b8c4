"""The product's settings with a channel layer that cannot be trusted."""

from project.settings import *  # noqa: F403
from project.settings import CHANNEL_LAYERS

CHANNEL_LAYERS["default"]["BACKEND"] = "tests.e2e.chaos.ChaosLayer"
