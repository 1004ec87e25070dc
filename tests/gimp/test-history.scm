; SPDX-License-Identifier: LGPL-3.0-or-later
; test-history.scm: the window of the history is for people.

(define (history mode image)
  (plug-in-pentimento-history #:run-mode mode #:image image
                              #:drawables (list->vector (layers-of image))))

(test "without a window it says so"
  (check-refused-call "needs a window" (new-rgb-picture)
    (history RUN-NONINTERACTIVE image)))

(test "without a display it says so, and does not end"
  (check-refused-call "needs a window" (new-rgb-picture)
    (history RUN-INTERACTIVE image)))
