# SPDX-License-Identifier: LGPL-3.0-or-later
"""The services that there are."""

from .bfl import BflService
from .comfyui import ComfyUIService
from .fal import FalService
from .gemini import GeminiService
from .jobs import JobsService
from .legnext import LegnextService
from .openai import OpenAIService
from .replicate import ReplicateService
from .sdapi import SdApiService
from .sdserver import SdServerService
from .stability import StabilityService
from .topaz import TopazService

SERVICES = [
    JobsService,
    FalService,
    LegnextService,
    SdApiService,
    ComfyUIService,
    OpenAIService,
    GeminiService,
    BflService,
    StabilityService,
    TopazService,
    ReplicateService,
    SdServerService,
]
