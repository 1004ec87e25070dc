; SPDX-License-Identifier: LGPL-3.0-or-later
; test-models.scm: the models as lists, for scripts.

(define (models mode) (plug-in-pentimento-models #:run-mode mode))

(test "without a window it returns identifiers and names"
  (let* ((result (models RUN-NONINTERACTIVE))
         (ids (car result))
         (names (cadr result)))
    (check-equal "number of names" (length names) (length ids))
    (check "patch-fill" (member "patch-fill" ids))
    (check "a model of services" (member "flux_schnell" ids))
    (check "names are for people" (not (member "patch-fill" names)))))

(test "without a display a window can't be shown"
  (check-fails-with "no display" (models RUN-INTERACTIVE)))
