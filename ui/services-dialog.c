#include "config.h"
#include "services-dialog.h"
void
pmt_services_dialog_run (PmtEngine *engine, const gchar *user_dir, const gchar *warning)
{
}
