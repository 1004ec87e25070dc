# SPDX-License-Identifier: LGPL-3.0-or-later
"""The services that there are."""

from .comfyui import ComfyUIService
from .fal import FalService
from .jobs import JobsService
from .openai import OpenAIService
from .sdapi import SdApiService

SERVICES = [
    JobsService,
    FalService,
    SdApiService,
    ComfyUIService,
    OpenAIService,
]
