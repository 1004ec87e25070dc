/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* call-job.c: what is known of a job, and what came of it. */
#include "config.h"

#include "remote/provider.h"

PmtRemoteJob *
pmt_remote_job_new (void)
{
  PmtRemoteJob *job = g_new0 (PmtRemoteJob, 1);

  job->cost = -1.0;
  job->fraction = -1.0;
  job->queue_position = -1;
  job->poll_after = -1.0;
  return job;
}

void
pmt_remote_job_free (PmtRemoteJob *job)
{
  if (job == NULL)
    return;
  g_free (job->id);
  g_free (job->status_url);
  g_free (job->result_url);
  g_free (job->cancel_url);
  g_free (job->request_id);
  g_free (job);
}

static void
picture_free (gpointer data)
{
  PmtRemotePicture *picture = data;

  g_clear_pointer (&picture->bytes, g_bytes_unref);
  g_free (picture);
}

PmtRemoteReply *
pmt_remote_reply_new (void)
{
  PmtRemoteReply *reply = g_new0 (PmtRemoteReply, 1);

  reply->pictures = g_ptr_array_new_with_free_func (picture_free);
  return reply;
}

void
pmt_remote_reply_free (PmtRemoteReply *reply)
{
  if (reply == NULL)
    return;
  g_ptr_array_unref (reply->pictures);
  g_free (reply->note);
  g_free (reply);
}

void
pmt_remote_reply_add (PmtRemoteReply *reply, GBytes *bytes, gint64 seed)
{
  PmtRemotePicture *picture = g_new0 (PmtRemotePicture, 1);

  picture->bytes = bytes;
  picture->seed = seed;
  g_ptr_array_add (reply->pictures, picture);
}
