/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* http-error.c: what libcurl reports, as a class and a reason. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "remote/http-private.h"

PmtFaultClass
pmt_http_classify (CURLcode code, const gchar **reason)
{
  *reason = NULL;
  switch (code)
    {
    case CURLE_OK:
      return PMT_FAULT_NONE;
    case CURLE_OPERATION_TIMEDOUT:
      return PMT_FAULT_TIMEOUT;
    case CURLE_COULDNT_RESOLVE_HOST:
      *reason = _ ("there is no computer of this name");
      break;
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_PROXY:
      *reason = _ ("the proxy did not connect");
      break;
    case CURLE_COULDNT_CONNECT:
      *reason = _ ("nothing answers at this address");
      break;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS:
      *reason = _ ("its certificate can't be trusted");
      break;
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CERTPROBLEM:
      *reason = _ ("the certificates to trust can't be read");
      break;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CIPHER:
    case CURLE_USE_SSL_FAILED:
      *reason = _ ("no encrypted connection could be made");
      break;
    case CURLE_PARTIAL_FILE:
    case CURLE_GOT_NOTHING:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_FAIL_REWIND:
      *reason = _ ("it broke before the answer was complete");
      break;
    default:
      *reason = _ ("it answers in a way that is not understood");
      break;
    }
  return PMT_FAULT_NETWORK;
}
