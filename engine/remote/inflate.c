/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* inflate.c: by ISA-L where it is there, which takes half of zlib's time. */
#include "config.h"

#include "remote/inflate.h"

/* Bytes that a call takes or makes: fits into any unsigned type. */
#define MAX_STEP ((gsize)1 << 30)

#ifdef HAVE_ISAL

#include <isa-l/igzip_lib.h>

struct _PmtInflater
{
  struct inflate_state state;
};

PmtInflater *
pmt_inflater_new (void)
{
  PmtInflater *inflater = g_try_new (PmtInflater, 1);

  if (inflater == NULL)
    return NULL;
  isal_inflate_init (&inflater->state);
  inflater->state.crc_flag = ISAL_ZLIB;
  return inflater;
}

void
pmt_inflater_free (PmtInflater *inflater)
{
  g_free (inflater);
}

gboolean
pmt_inflater_run (
    PmtInflater *inflater, PmtCursor *packed, guint8 *out, gsize room, gsize *n)
{
  struct inflate_state *state = &inflater->state;
  const gsize n_in = MIN (packed->left, MAX_STEP);
  int status;

  g_return_val_if_fail (room <= MAX_STEP, FALSE);

  state->next_in = (guint8 *)packed->at;
  state->avail_in = (guint32)n_in;
  state->next_out = out;
  state->avail_out = (guint32)room;
  status = isal_inflate (state);
  pmt_cursor_skip (packed, n_in - state->avail_in);
  *n = room - state->avail_out;
  return status == ISAL_DECOMP_OK || status == ISAL_END_INPUT
         || status == ISAL_OUT_OVERFLOW;
}

gboolean
pmt_inflater_is_over (const PmtInflater *inflater)
{
  return inflater->state.block_state == ISAL_BLOCK_FINISH;
}

#else

#include <zlib.h>

struct _PmtInflater
{
  z_stream stream;
  gboolean is_over;
};

PmtInflater *
pmt_inflater_new (void)
{
  PmtInflater *inflater = g_try_new0 (PmtInflater, 1);

  if (inflater != NULL && inflateInit (&inflater->stream) != Z_OK)
    g_clear_pointer (&inflater, g_free);
  return inflater;
}

void
pmt_inflater_free (PmtInflater *inflater)
{
  if (inflater == NULL)
    return;
  inflateEnd (&inflater->stream);
  g_free (inflater);
}

gboolean
pmt_inflater_run (
    PmtInflater *inflater, PmtCursor *packed, guint8 *out, gsize room, gsize *n)
{
  z_stream *stream = &inflater->stream;
  const gsize n_in = MIN (packed->left, MAX_STEP);
  int status;

  g_return_val_if_fail (room <= MAX_STEP, FALSE);

  *n = 0;
  if (inflater->is_over)
    return TRUE;
  stream->next_in = (Bytef *)packed->at;
  stream->avail_in = (uInt)n_in;
  stream->next_out = out;
  stream->avail_out = (uInt)room;
  status = inflate (stream, Z_NO_FLUSH);
  pmt_cursor_skip (packed, n_in - stream->avail_in);
  *n = room - stream->avail_out;
  inflater->is_over = status == Z_STREAM_END;
  /* Z_BUF_ERROR: nothing to take, or no room. */
  return status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR;
}

gboolean
pmt_inflater_is_over (const PmtInflater *inflater)
{
  return inflater->is_over;
}

#endif
