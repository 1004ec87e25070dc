# SPDX-License-Identifier: LGPL-3.0-or-later
"""A scripted HTTP server that plays the remote image services."""
