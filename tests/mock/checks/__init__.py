# SPDX-License-Identifier: LGPL-3.0-or-later
"""Checks of the mock server itself."""
