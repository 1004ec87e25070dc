/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* cascade-module.h: what the module with OpenCV has to offer. */
#pragma once

#ifdef __cplusplus
extern "C"
{
#endif

#define PMT_CASCADE_SYMBOL "pmt_cascade_module_find"

  /**
 * PmtCascadeFind: (PMT_CASCADE_SYMBOL)
 * @gray: [height, width] bytes
 * @data: the cascade, an .xml file
 * @min_side: of faces, in pixels
 * @boxes: (out): [@max_boxes][4]: x, y, width, height
 * @votes: (out): [@max_boxes]: how many detections a box was made of
 *
 * Returns: how many boxes there are; -1: @data can't be read; -2: OpenCV
 *   failed.  Nothing is thrown.
 */
  typedef int (*PmtCascadeFind) (const unsigned char *gray,
                                 int width,
                                 int height,
                                 const char *data,
                                 int min_side,
                                 int (*boxes)[4],
                                 int *votes,
                                 int max_boxes);

#ifdef __cplusplus
}
#endif
