/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* keep-modules.c: preloaded by the sanitizer run.  Modules stay loaded, so
 * that LeakSanitizer can name where memory was allocated.
 */

int dlclose (void *handle);

int
dlclose (void *handle)
{
  (void)handle;
  return 0;
}
