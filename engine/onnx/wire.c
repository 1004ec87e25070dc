/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* wire.c: reads and writes the records of Protocol Buffers. */
#include "config.h"

#include "onnx/wire.h"

#include <string.h>

#define MAX_FIELD_NUMBER 0x1fffffff

PmtWire
pmt_wire_init (gconstpointer data, gsize size)
{
  return (PmtWire){ data, (const guint8 *)data + size };
}

gboolean
pmt_wire_next_varint (PmtWire *wire, guint64 *value)
{
  guint64 result = 0;

  for (guint shift = 0; shift < 64 && wire->at < wire->end; shift += 7)
    {
      guint8 byte = *wire->at++;

      result |= (guint64)(byte & 0x7f) << shift;
      if (byte < 0x80)
        {
          *value = result;
          return TRUE;
        }
    }
  return FALSE;
}

static gboolean
next_fixed (PmtWire *wire, guint size, guint64 *value)
{
  *value = 0;
  if ((gsize)(wire->end - wire->at) < size)
    return FALSE;
  for (guint i = 0; i < size; i++)
    *value |= (guint64)*wire->at++ << (8 * i);
  return TRUE;
}

static gboolean
next_bytes (PmtWire *wire, PmtField *field)
{
  if (!pmt_wire_next_varint (wire, &field->value)
      || field->value > (guint64)(wire->end - wire->at))
    return FALSE;
  field->bytes = pmt_wire_init (wire->at, (gsize)field->value);
  wire->at = field->bytes.end;
  return TRUE;
}

PmtWireStatus
pmt_wire_next (PmtWire *wire, PmtField *field)
{
  guint64 tag;
  gboolean is_read = FALSE;

  if (wire->at == wire->end)
    return PMT_WIRE_END;
  if (!pmt_wire_next_varint (wire, &tag) || tag >> 3 == 0
      || tag >> 3 > MAX_FIELD_NUMBER)
    return PMT_WIRE_DAMAGED;
  field->number = (guint32)(tag >> 3);
  field->type = (PmtWireType)(tag & 7);
  field->bytes = pmt_wire_init (wire->at, 0);
  switch (field->type)
    {
    case PMT_WIRE_VARINT:
      is_read = pmt_wire_next_varint (wire, &field->value);
      break;
    case PMT_WIRE_FIXED64:
      is_read = next_fixed (wire, 8, &field->value);
      break;
    case PMT_WIRE_BYTES:
      is_read = next_bytes (wire, field);
      break;
    case PMT_WIRE_FIXED32:
      is_read = next_fixed (wire, 4, &field->value);
      break;
    }
  return is_read ? PMT_WIRE_FIELD : PMT_WIRE_DAMAGED;
}

gchar *
pmt_wire_text (const PmtWire *bytes)
{
  gsize size = bytes->end - bytes->at;

  /* With a length, zero bytes are refused too. */
  if (!g_utf8_validate_len ((const gchar *)bytes->at, size, NULL))
    return NULL;
  return size > 0 ? g_strndup ((const gchar *)bytes->at, size) : g_strdup ("");
}

static void
put_raw_varint (GByteArray *out, guint64 value)
{
  guint8 bytes[10];
  guint n = 0;

  do
    {
      bytes[n++] = (value & 0x7f) | (value > 0x7f ? 0x80 : 0);
      value >>= 7;
    }
  while (value > 0);
  g_byte_array_append (out, bytes, n);
}

static void
put_tag (GByteArray *out, guint32 number, PmtWireType type)
{
  put_raw_varint (out, (guint64)number << 3 | type);
}

void
pmt_wire_put_varint (GByteArray *out, guint32 number, guint64 value)
{
  put_tag (out, number, PMT_WIRE_VARINT);
  put_raw_varint (out, value);
}

void
pmt_wire_put_float (GByteArray *out, guint32 number, gfloat value)
{
  guint32 bits;

  memcpy (&bits, &value, sizeof bits);
  bits = GUINT32_TO_LE (bits);
  put_tag (out, number, PMT_WIRE_FIXED32);
  g_byte_array_append (out, (const guint8 *)&bits, sizeof bits);
}

void
pmt_wire_put_bytes (GByteArray *out,
                    guint32 number,
                    gconstpointer data,
                    gsize size)
{
  g_return_if_fail (size <= G_MAXUINT);
  put_tag (out, number, PMT_WIRE_BYTES);
  put_raw_varint (out, size);
  g_byte_array_append (out, data, (guint)size);
}

void
pmt_wire_put_text (GByteArray *out, guint32 number, const gchar *text)
{
  pmt_wire_put_bytes (out, number, text, strlen (text));
}

void
pmt_wire_put_message (GByteArray *out,
                      guint32 number,
                      const GByteArray *message)
{
  pmt_wire_put_bytes (out, number, message->data, message->len);
}
