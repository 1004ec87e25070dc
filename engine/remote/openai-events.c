/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* openai-events.c: pictures that are told bit by bit. */
#include "config.h"

#include "remote/openai-events.h"

#include <string.h>

#include "remote/answer.h"

/* Of one event. */
#define MAX_EVENT ((gsize)256 << 20)

void
pmt_openai_events_clear (PmtOpenaiEvents *events)
{
  cJSON_Delete (events->completed);
  cJSON_Delete (events->failed);
}

static void
report_preview (PmtOpenaiEvents *events, const cJSON *json)
{
  g_autoptr (PmtRemoteReply) reply = pmt_remote_reply_new ();

  if (pmt_answer_add_base64 (reply, pmt_json_get_text (json, "b64_json"), -1))
    {
      const PmtRemotePicture *picture = reply->pictures->pdata[0];

      pmt_remote_call_report (events->call, -1.0, picture->bytes);
    }
}

/* Each finished picture has an event of its own; they are put together as a
 * plain answer has them. */
static void
take_completed (PmtOpenaiEvents *events, const cJSON *json)
{
  const cJSON *usage = pmt_json_get (json, "usage");
  cJSON *data;

  if (events->completed == NULL)
    {
      events->completed = cJSON_CreateObject ();
      cJSON_AddArrayToObject (events->completed, "data");
    }
  data = cJSON_GetObjectItemCaseSensitive (events->completed, "data");
  cJSON_AddItemToArray (data, cJSON_Duplicate (json, TRUE));
  if (usage != NULL && pmt_json_get (events->completed, "usage") == NULL)
    cJSON_AddItemToObject (events->completed, "usage",
                           cJSON_Duplicate (usage, TRUE));
}

void
pmt_openai_events_take (const gchar *text, gpointer user_data)
{
  PmtOpenaiEvents *events = user_data;
  g_autoptr (cJSON) json = pmt_json_parse_large (
      "event", text, strlen (text), MAX_EVENT, PMT_ERROR_SERVER, NULL);
  const gchar *type = pmt_json_get_text (json, "type");

  if (json == NULL)
    return;
  if (type != NULL && g_str_has_suffix (type, ".partial_image"))
    report_preview (events, json);
  else if (type != NULL && g_str_has_suffix (type, ".completed"))
    take_completed (events, json);
  else if (events->failed == NULL && pmt_json_get (json, "error") != NULL)
    events->failed = g_steal_pointer (&json);
}
