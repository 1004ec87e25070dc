; SPDX-License-Identifier: LGPL-3.0-or-later
; history.scm: the window of the history: search, insert again, reuse, delete.

(define (step name)
  (test-pentimento-touch #:path (string-append work-dir "/" name)))

(define (await name)
  (test-pentimento-wait #:path (string-append work-dir "/" name)))

(define (read-all path)
  (let* ((port (open-input-file path))
         (text (let loop ((text '()) (c (read-char port)))
                 (if (eof-object? c)
                     (list->string (reverse text))
                     (loop (cons c text) (read-char port))))))
    (close-input-port port)
    text))

(define image (new-image 300 240 RGB PRECISION-U8-NON-LINEAR))
(define source (add-layer image "picture" 300 240 RGB-IMAGE 0 0))
(gimp-image-set-file image (string-append work-dir "/pentimento-history.xcf"))
(gimp-display-new image)
(gimp-displays-flush)

(define (history-of an-image)
  (vector->list (one
    (plug-in-pentimento-history #:run-mode RUN-INTERACTIVE #:image an-image
                                #:drawables (list->vector
                                              (layers-of an-image))))))
(define (history) (history-of image))

(define (recipe-text layer) (caddr (recipe-of layer)))

; What the history has to bring back.
(define result
  (begin
    (select-rectangle image 60 50 40 30)
    (car (vector->list (one
      (plug-in-pentimento-remove #:run-mode RUN-NONINTERACTIVE #:image image
                                 #:drawables (vector source)
                                 #:seed 12345 #:feather 3))))))
(define pixels (hash-of result))
(define mask (hash-of (mask-of result)))
(define place (rectangle-of result))
(gimp-image-remove-layer image result)
(vector->list (one
  (plug-in-pentimento-enhance #:run-mode RUN-NONINTERACTIVE #:image image
                              #:drawables (vector source) #:denoise 0.5)))
(gimp-image-remove-layer image (car (layers-of image)))
(gimp-image-set-selected-layers image (vector source))

(test-keep "a search finds the run, and Insert Again brings it back"
  (step "insert")
  (let* ((new (car (history)))
         (text (recipe-text new)))
    (check-equal "layers" (layers-of image) (list new source))
    (check-equal "pixels" (hash-of new) pixels)
    (check-equal "mask" (hash-of (mask-of new)) mask)
    (check-equal "place" (rectangle-of new) place)
    (check text (contains? text "\"seed\":12345,"))
    (check-fails-with "history"
      (plug-in-pentimento-rerun #:run-mode RUN-NONINTERACTIVE #:image image
                                #:drawables (vector new)))))

(test-keep "it is one undo step"
  (step "undo")
  (await "undone")
  (check-equal "layers" (layers-of image) (list source)))

(test-keep "in a smaller image what was selected lies in the middle"
  (let* ((small (new-image 40 30 RGB PRECISION-FLOAT-LINEAR))
         (bottom (add-layer small "small" 40 30 RGB-IMAGE 0 0)))
    (step "insert-small")
    (let ((new (car (history-of small))))
      (check-equal "place" (rectangle-of new)
                   (list -60 -50 (caddr place) (cadddr place)))
      (check-equal "size" (size-of-image small) '(40 30)))
    (gimp-image-delete small)))

(test-keep "Reuse Settings opens the dialog of the operation"
  (select-rectangle image 60 50 40 30)
  (step "reuse")
  (let ((new (car (history))))
    (check-equal "pixels" (hash-of new) pixels)
    (check "seed" (contains? (recipe-text new) "\"seed\":12345,"))
    (gimp-image-remove-layer image new)))

(test-keep "what is deleted is gone, and the private mode is kept"
  (step "delete")
  (history)
  (let ((config (read-all (string-append work-dir "/user/config.json"))))
    (check config (contains? config "\"history\":"))
    (check config (contains? config "false"))
    (check config (contains? config "\"history_limit_mb\":"))
    (check config (contains? config "120"))))

(test-keep "an empty history says so"
  (step "clear")
  (history)
  (check-equal "layers" (layers-of image) (list source)))
