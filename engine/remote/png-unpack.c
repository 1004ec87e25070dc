/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* png-unpack.c: one thread unpacks blocks, the reader takes them. */
#include "config.h"

#include "image/pixels.h"
#include "remote/inflate.h"
#include "remote/png-unpack.h"

/* Of a stored block at most; and how many are on their way: threads wake each
 * other less often with many, until memory costs more. */
#define BLOCK_BYTES 65535
#define N_BLOCKS 24

/* Length and type of a chunk, zlib's header, head of a stored block. */
#define HEAD_BYTES (8 + 2 + 5)
/* Adler-32, checksum of the chunk, IEND. */
#define TAIL_BYTES (4 + 4 + 12)

/* An IDAT chunk with a block of pixels; @n is 0 when they are damaged. */
typedef struct
{
  gsize n;
  gboolean is_last;
  guint8 bytes[HEAD_BYTES + BLOCK_BYTES + TAIL_BYTES];
} Block;

/*
 * @head: what is left of the chunks before IDAT
 * @parts, @packed: packed pixels: all chunks, and what is left of one
 * @n_pixels: bytes of pixels that are still to come
 * @adler: the checksum, as the file has it
 * @current, @at: what is being read
 */
struct _PmtPngUnpack
{
  PmtCursor head;
  GArray *parts;
  guint next_part;
  PmtCursor packed;
  guint64 n_pixels;
  guint8 adler[4];
  PmtInflater *inflater;
  GThread *thread;
  gint is_stopped;
  GAsyncQueue *empty;
  GAsyncQueue *full;
  Block *current;
  gsize at;
};

/* ----------------------------------------------------------------- the size */

static guint64
size_of_pass (const PmtPngHeader *header, gint width, gint height)
{
  static const guint n_components[] = { 1, 0, 3, 1, 2, 0, 4 };
  const guint64 bits =
      (guint64)width * header->depth * n_components[MIN (header->type, 6u)];

  return width > 0 && height > 0 ? height * (1 + (bits + 7) / 8) : 0;
}

/* Bytes of all rows, each with its filter. */
static guint64
size_of_pixels (const PmtPngHeader *header)
{
  /* Adam7: first column and row, and steps (W3C PNG 3rd edition, 8.1). */
  static const gint passes[7][4] = {
    { 0, 0, 8, 8 }, { 4, 0, 8, 8 }, { 0, 4, 4, 8 }, { 2, 0, 4, 4 },
    { 0, 2, 2, 4 }, { 1, 0, 2, 2 }, { 0, 1, 1, 2 },
  };
  guint64 size = 0;

  if (!header->is_interlaced)
    return size_of_pass (header, header->width, header->height);
  for (guint i = 0; i < G_N_ELEMENTS (passes); i++)
    {
      const gint *p = passes[i];

      size += size_of_pass (header, (header->width - p[0] + p[2] - 1) / p[2],
                            (header->height - p[1] + p[3] - 1) / p[3]);
    }
  return size;
}

/* --------------------------------------------------------------- unpacking */

/* Exactly @n bytes. */
static gboolean
unpack (PmtPngUnpack *self, guint8 *out, gsize n)
{
  while (n > 0)
    {
      gsize left, made;

      if (self->packed.left == 0 && self->next_part < self->parts->len)
        self->packed =
            g_array_index (self->parts, PmtCursor, self->next_part++);
      left = self->packed.left;
      if (!pmt_inflater_run (self->inflater, &self->packed, out, n, &made))
        return FALSE;
      if (made == 0 && self->packed.left == left
          && (left > 0 || self->next_part == self->parts->len))
        return FALSE;
      out += made;
      n -= made;
    }
  return TRUE;
}

/* Whether nothing comes behind the pixels. */
static gboolean
is_end (PmtPngUnpack *self)
{
  guint8 more;

  return !unpack (self, &more, 1) && pmt_inflater_is_over (self->inflater)
         && self->packed.left == 0 && self->next_part == self->parts->len;
}

static guint8 *
put_big (guint8 *to, guint32 number)
{
  const guint32 big = GUINT32_TO_BE (number);

  memcpy (to, &big, sizeof big);
  return to + sizeof big;
}

static guint8 *
put_end (PmtPngUnpack *self, guint8 *to)
{
  static const guint8 end[12] = { 0,   0,   0,    0,    'I',  'E',
                                  'N', 'D', 0xae, 0x42, 0x60, 0x82 };

  memcpy (to, self->adler, sizeof self->adler);
  to = put_big (to + sizeof self->adler, 0);
  memcpy (to, end, sizeof end);
  return to + sizeof end;
}

static void
fill_block (PmtPngUnpack *self, Block *block, gboolean is_first)
{
  const guint n = (guint)MIN (BLOCK_BYTES, self->n_pixels);
  guint8 *to;

  block->is_last = n == self->n_pixels;
  to = put_big (block->bytes,
                (is_first ? 2 : 0) + 5 + n + (block->is_last ? 4 : 0));

  memcpy (to, "IDAT", 4);
  to += 4;
  if (is_first)
    {
      *to++ = 0x78;
      *to++ = 0x01;
    }
  *to++ = block->is_last;
  *to++ = n & 0xff;
  *to++ = n >> 8;
  *to++ = ~n & 0xff;
  *to++ = ~n >> 8 & 0xff;
  block->n = 0;
  if (!unpack (self, to, n) || (block->is_last && !is_end (self)))
    return;
  self->n_pixels -= n;
  to = block->is_last ? put_end (self, to + n) : put_big (to + n, 0);
  block->n = (gsize)(to - block->bytes);
}

static gpointer
unpack_all (gpointer data)
{
  PmtPngUnpack *self = data;
  gboolean is_first = TRUE;
  gboolean is_over = FALSE;

  while (!is_over)
    {
      Block *block = g_async_queue_pop (self->empty);

      if (g_atomic_int_get (&self->is_stopped))
        {
          g_async_queue_push (self->empty, block);
          break;
        }
      fill_block (self, block, is_first);
      is_first = FALSE;
      is_over = block->n == 0 || block->is_last;
      g_async_queue_push (self->full, block);
    }
  return NULL;
}

/* ------------------------------------------------------------------ reading */

/* The chunks of a clean file: the head up to IDAT, and IDAT's data. */
static gboolean
find_parts (PmtPngUnpack *self, GBytes *clean, PmtPngHeader *header)
{
  PmtCursor cursor = pmt_cursor_of (clean);
  guint n_adler = 0;

  self->head = cursor;
  if (!pmt_png_read_header (&cursor, header))
    return FALSE;
  self->n_pixels = size_of_pixels (header);
  for (;;)
    {
      const gsize left = cursor.left;
      const guint32 length = pmt_cursor_big (&cursor, 4);
      const PmtCursor type = pmt_cursor_take (&cursor, 4);
      const PmtCursor data = pmt_cursor_take (&cursor, length);

      pmt_cursor_skip (&cursor, 4);
      if (cursor.is_over || pmt_cursor_starts (&type, "IEND", 4))
        break;
      if (!pmt_cursor_starts (&type, "IDAT", 4))
        continue;
      if (self->parts->len == 0)
        self->head.left -= left;
      g_array_append_val (self->parts, data);
    }
  for (guint i = self->parts->len; i-- > 0 && n_adler < 4;)
    {
      const PmtCursor *part = &g_array_index (self->parts, PmtCursor, i);

      for (gsize k = part->left; k-- > 0 && n_adler < 4;)
        self->adler[3 - n_adler++] = part->at[k];
    }
  return self->n_pixels > 0 && n_adler == 4;
}

PmtPngUnpack *
pmt_png_unpack_new (GBytes *clean, GError **error)
{
  g_autoptr (PmtPngUnpack) self = g_new0 (PmtPngUnpack, 1);
  PmtPngHeader header;

  self->parts = g_array_new (FALSE, FALSE, sizeof (PmtCursor));
  self->empty = g_async_queue_new_full (g_free);
  self->full = g_async_queue_new_full (g_free);
  if (!find_parts (self, clean, &header))
    return NULL;
  self->inflater = pmt_inflater_new ();
  for (guint i = 0; self->inflater != NULL && i < N_BLOCKS; i++)
    {
      Block *block = g_try_new (Block, 1);

      if (block == NULL)
        g_clear_pointer (&self->inflater, pmt_inflater_free);
      else
        g_async_queue_push (self->empty, block);
    }
  if (self->inflater == NULL)
    {
      pmt_image_memory_error (header.width, header.height, error);
      return NULL;
    }
  self->thread = g_thread_new ("unpack", unpack_all, self);
  return g_steal_pointer (&self);
}

void
pmt_png_unpack_free (PmtPngUnpack *self)
{
  if (self == NULL)
    return;
  if (self->thread != NULL)
    {
      g_atomic_int_set (&self->is_stopped, 1);
      /* The thread may wait for one. */
      g_async_queue_push (self->empty, g_new0 (Block, 1));
      g_thread_join (self->thread);
    }
  g_clear_pointer (&self->current, g_free);
  g_async_queue_unref (self->empty);
  g_async_queue_unref (self->full);
  g_clear_pointer (&self->inflater, pmt_inflater_free);
  g_array_unref (self->parts);
  g_free (self);
}

/* Returns: %FALSE at the end. */
static gboolean
next_block (PmtPngUnpack *self)
{
  if (self->current != NULL)
    {
      if (self->current->n == 0 || self->current->is_last)
        return FALSE;
      g_async_queue_push (self->empty, g_steal_pointer (&self->current));
    }
  self->current = g_async_queue_pop (self->full);
  self->at = 0;
  return self->current->n > 0;
}

gboolean
pmt_png_unpack_read (PmtPngUnpack *self, guint8 *out, gsize n)
{
  while (n > 0)
    {
      PmtCursor part;

      if (self->head.left > 0)
        part = pmt_cursor_take (&self->head, MIN (n, self->head.left));
      else
        {
          if ((self->current == NULL || self->at == self->current->n)
              && !next_block (self))
            return FALSE;
          part.at = self->current->bytes + self->at;
          part.left = MIN (n, self->current->n - self->at);
          self->at += part.left;
        }
      memcpy (out, part.at, part.left);
      out += part.left;
      n -= part.left;
    }
  return TRUE;
}
