/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* wire.h: reads and writes the records of Protocol Buffers. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** PmtWire: the part of a message that has not been read; not owned. */
typedef struct
{
  const guint8 *at;
  const guint8 *end;
} PmtWire;

/** PmtWireType: the kinds of a record; ONNX has no other. */
typedef enum
{
  PMT_WIRE_VARINT = 0,
  PMT_WIRE_FIXED64 = 1,
  PMT_WIRE_BYTES = 2,
  PMT_WIRE_FIXED32 = 5
} PmtWireType;

/**
 * PmtField: one record.
 * @value: of all types but %PMT_WIRE_BYTES, there the number of bytes
 * @bytes: of %PMT_WIRE_BYTES: a text, a message or packed numbers
 */
typedef struct
{
  guint32 number;
  PmtWireType type;
  guint64 value;
  PmtWire bytes;
} PmtField;

/** PmtWireStatus: what pmt_wire_next() found. */
typedef enum
{
  PMT_WIRE_END,
  PMT_WIRE_FIELD,
  PMT_WIRE_DAMAGED
} PmtWireStatus;

/** pmt_wire_init: Returns: a message of @size bytes at @data. */
PmtWire pmt_wire_init (gconstpointer data, gsize size);

/**
 * pmt_wire_next:
 * @wire: (inout): moves behind the record
 * @field: (out): the record, when %PMT_WIRE_FIELD is returned
 *
 * Reads nothing beyond the end, whatever the bytes are.  Groups, which
 * ONNX does not have, count as damaged.
 * Source: Protocol Buffers, Encoding (public specification).
 */
PmtWireStatus pmt_wire_next (PmtWire *wire, PmtField *field);

/**
 * pmt_wire_next_varint:
 * @wire: (inout): packed numbers
 * @value: (out): the next of them
 *
 * Returns: %FALSE at the end and for a number that is cut or too long.
 */
gboolean pmt_wire_next_varint (PmtWire *wire, guint64 *value);

/**
 * pmt_wire_text:
 * @bytes: of a field
 *
 * Returns: (transfer full) (nullable): the text, %NULL when it is not UTF-8
 *   or holds a zero byte.
 */
gchar *pmt_wire_text (const PmtWire *bytes);

/* Writers: each appends one record to @out. */
void pmt_wire_put_varint (GByteArray *out, guint32 number, guint64 value);
void pmt_wire_put_float (GByteArray *out, guint32 number, gfloat value);
void pmt_wire_put_bytes (GByteArray *out,
                         guint32 number,
                         gconstpointer data,
                         gsize size);
void pmt_wire_put_text (GByteArray *out, guint32 number, const gchar *text);
void pmt_wire_put_message (GByteArray *out,
                           guint32 number,
                           const GByteArray *message);

G_END_DECLS
