/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* cascade-module.cpp: OpenCV's cascade behind a function of C. */
#include "cascade-module.h"

#include <opencv2/objdetect.hpp>

extern "C" __attribute__ ((visibility ("default"))) int
pmt_cascade_module_find (const unsigned char *gray,
                         int width,
                         int height,
                         const char *data,
                         int min_side,
                         int (*boxes)[4],
                         int *votes,
                         int max_boxes)
{
  try
    {
      cv::CascadeClassifier cascade;
      std::vector<cv::Rect> found;
      std::vector<int> counts;
      const cv::Mat picture (height, width, CV_8UC1,
                             const_cast<unsigned char *> (gray));
      int n;

      if (!cascade.load (data))
        return -1;
      cascade.detectMultiScale (picture, found, counts, 1.1, 6, 0,
                                cv::Size (min_side, min_side));
      n = std::min (static_cast<int> (found.size ()), max_boxes);
      for (int i = 0; i < n; i++)
        {
          boxes[i][0] = found[i].x;
          boxes[i][1] = found[i].y;
          boxes[i][2] = found[i].width;
          boxes[i][3] = found[i].height;
          votes[i] = counts[i];
        }
      return n;
    }
  catch (...)
    {
      return -2;
    }
}
