/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* progress-box.h: stage, time left and preview of a run. */
#pragma once

#include <libgimp/gimpui.h>

#include "pentimento.h"

G_BEGIN_DECLS

#define PMT_TYPE_PROGRESS_BOX (pmt_progress_box_get_type ())
G_DECLARE_FINAL_TYPE (
    PmtProgressBox, pmt_progress_box, PMT, PROGRESS_BOX, GtkBox)

GtkWidget *pmt_progress_box_new (void);

/** pmt_progress_box_start: a run begins; the time is counted from here. */
void pmt_progress_box_start (PmtProgressBox *box);

/** pmt_progress_box_set_small: the preview is small and beside the rest; else
 * large and above it. */
void pmt_progress_box_set_small (PmtProgressBox *box, gboolean is_small);

/** pmt_progress_box_stop: it was cancelled, and will end soon. */
void pmt_progress_box_stop (PmtProgressBox *box);

/**
 * pmt_progress_box_update:
 * @stage: (nullable): translated
 * @fraction: 0..1
 * @preview: (nullable): picture of the state, any format
 */
void pmt_progress_box_update (PmtProgressBox *box,
                              const gchar *stage,
                              gdouble fraction,
                              GeglBuffer *preview);

G_END_DECLS
