; SPDX-License-Identifier: LGPL-3.0-or-later
; test-formats-gray.scm: gray pictures of every precision, with and without
; alpha.

(load (string-append test-dir "/formats.scm"))

(test-type GRAY GRAY-IMAGE)
(test-type GRAY GRAYA-IMAGE)
