; SPDX-License-Identifier: LGPL-3.0-or-later
; test-upscale-formats.scm: upscale in every precision and type of layer.

(load (string-append test-dir "/formats.scm"))

(test-types "upscale" (lambda (image source) (car (upscale image source)))
            #t every-type)
(test-profile "upscale" upscale)
