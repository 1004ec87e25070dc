/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* error.c: the error domain. */
#include "config.h"

#include "pentimento.h"

G_DEFINE_QUARK (pmt - error - quark, pmt_error)
