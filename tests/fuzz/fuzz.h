/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* fuzz.h: what every fuzz target defines. */
#pragma once

#include <stddef.h>
#include <stdint.h>

/**
 * LLVMFuzzerTestOneInput:
 * @data: [@size] bytes
 *
 * Must not crash, leak or hang, whatever the bytes are.
 *
 * Returns: 0.
 */
int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);
