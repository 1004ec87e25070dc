; SPDX-License-Identifier: LGPL-3.0-or-later
; harness.scm: TAP and helpers for the tests of the plug-in (Script-Fu v3).
;
; (test NAME BODY...)        one TAP line; an error inside is "not ok"
; (test-keep NAME BODY...)   the same, but the images stay for the next test
; (check WHAT CONDITION)     ends the test when CONDITION is false
; (check-equal WHAT GOT WANTED)
; (failure-of EXPRESSION)    the error text, or #f when there was none
; (check-fails-with TEXT EXPRESSION)

(script-fu-use-v3)

(define tap-port (open-output-file tap-file))
(define tap-count 0)
(define last-error #f)

; Script-Fu keeps the text of an error from the handler: note it down first.
(define throw-error *error-hook*)
(define *error-hook*
  (lambda arguments
    (set! last-error arguments)
    (apply throw-error arguments)))

(define (text-of object)
  (let ((port (open-output-string)))
    (write object port)
    (get-output-string port)))

(define (tap-line . parts)
  (for-each (lambda (part) (display part tap-port)) parts)
  (newline tap-port))

; TAP ends at the line, and "#" starts a directive.
(define (one-line text)
  (list->string
    (map (lambda (c) (if (or (char=? c #\newline) (char=? c #\#)) #\space c))
         (string->list text))))

(define (run-body name body)
  (set! last-error #f)
  (let ((outcome (catch 'failed (begin (body) 'passed))))
    (set! tap-count (+ tap-count 1))
    (tap-line (if (eq? outcome 'passed) "ok " "not ok ") tap-count " - " name)
    (if (not (eq? outcome 'passed))
        (tap-line "# " (one-line (text-of last-error))))))

(define (run-test name body)
  (run-body name body)
  (for-each gimp-image-delete (vector->list (one (gimp-get-images)))))

(define-macro (test name . body)
  `(run-test ,name (lambda () ,@body)))

; The same, and the images stay open.
(define-macro (test-keep name . body)
  `(run-body ,name (lambda () ,@body)))

; The same, skipped with a reason where CONDITION is false.
(define-macro (test-if condition reason name . body)
  `(if ,condition
       (run-test ,name (lambda () ,@body))
       (begin
         (set! tap-count (+ tap-count 1))
         (tap-line "ok " tap-count " - " ,name " # SKIP " ,reason))))

; The same, where there are checkpoints to test with.
(define-macro (test-golden name . body)
  `(test-if (not (string=? golden-dir ""))
            "PENTIMENTO_GOLDEN names no folder with checkpoints"
            ,name ,@body))

(define (tap-end)
  (tap-line "1.." tap-count)
  (close-output-port tap-port))

; Not (error), which passes every handler by.
(define (fail . parts)
  (*error-hook* (apply string-append "check failed: " parts)))

(define (check what condition)
  (if (not condition) (fail what)))

(define (check-equal what got wanted)
  (if (not (equal? got wanted))
      (fail what ": got " (text-of got) ", wanted " (text-of wanted))))

(define-macro (failure-of expression)
  `(begin
     (set! last-error #f)
     (if (eq? (catch 'failed (begin ,expression 'passed)) 'passed)
         #f
         (text-of last-error))))

(define (contains? text part)
  (let* ((n (string-length part)) (last (- (string-length text) n)))
    (let loop ((i 0))
      (cond ((> i last) #f)
            ((string=? (substring text i (+ i n)) part) #t)
            (else (loop (+ i 1)))))))

(define (check-failure part failure)
  (if (not failure) (fail "succeeded, instead of saying: " part))
  (if (not (contains? failure part)) (fail "wanted: " part ", got: " failure)))

(define-macro (check-fails-with part expression)
  `(check-failure ,part (failure-of ,expression)))

; ------------------------------------------------------------- pictures --

; TinyScheme numbers come back as floats now and then: compare as integers.
(define (one value) (if (pair? value) (car value) value))
(define (layers-of image) (vector->list (one (gimp-image-get-layers image))))
(define (count-layers image) (length (layers-of image)))
(define (hash-of drawable) (one (test-pentimento-hash #:drawable drawable)))
(define (parent-of item) (one (gimp-item-get-parent item)))
(define (name-of item) (one (gimp-item-get-name item)))
(define (mask-of layer) (one (gimp-layer-get-mask layer)))

(define (draw layer seed)
  (test-pentimento-draw #:drawable layer #:seed seed))

(define (format-of drawable)
  (one (test-pentimento-format #:drawable drawable)))

; The smallest and the largest value of the layer's mask in a rectangle.
(define (mask-range layer x y width height)
  (test-pentimento-mask-range #:layer layer #:x x #:y y #:width width
                              #:height height))

; Calls a procedure and sends its process a signal while it works; with one
; integer argument, or "" for none.  Status, and the seconds from the signal to
; the return (negative: no signal was sent).
(define SIGINT 2)
(define SIGTERM 15)
(define SIGKILL 9)
(define (cancel-run procedure image drawable signal argument value)
  (test-pentimento-cancel #:proc-name procedure #:image image
                          #:drawable drawable #:signal signal
                          #:argument argument #:value value))

; Within a second, as the unit tests check.  Here GIMP and other tests take
; their share of a machine that may be slow: three times that.
(define (check-cancelled-soon outcome)
  (check (string-append "cancelled soon, not after "
                        (number->string (cadr outcome)) " s")
         (< (cadr outcome) 3)))

(define (new-image width height base precision)
  (one (gimp-image-new-with-precision width height base precision)))

(define (add-layer image name width height type x y)
  (let ((layer (one (gimp-layer-new image name width height type 100
                                    LAYER-MODE-NORMAL))))
    (gimp-image-insert-layer image layer 0 0)
    (gimp-layer-set-offsets layer x y)
    (draw layer 1)
    layer))

; An image of 96x80 with one drawn layer as large.
(define (new-picture base type precision)
  (let ((image (new-image 96 80 base precision)))
    (add-layer image "picture" 96 80 type 0 0)
    image))

(define (new-rgb-picture) (new-picture RGB RGB-IMAGE PRECISION-U8-NON-LINEAR))
(define (first-layer image) (car (layers-of image)))

(define (select-rectangle image x y width height)
  (gimp-image-select-rectangle image CHANNEL-OP-REPLACE x y width height))

; Returns the list of the new layers.
(define (remove-from image layer)
  (vector->list
    (one (plug-in-pentimento-remove #:run-mode RUN-NONINTERACTIVE
                                    #:image image #:drawables (vector layer)
                                    #:seed 7))))

(define (compare before after dx dy)
  (test-pentimento-compare #:before before #:after after #:dx dx #:dy dy))

; What (compare) tells, with names.
(define (outside comparison) (list-ref comparison 0))
(define (outside-changed comparison) (list-ref comparison 1))
(define (inside comparison) (list-ref comparison 2))
(define (inside-changed comparison) (list-ref comparison 3))
; The largest difference of any component outside, 0..1.
(define (outside-difference comparison) (list-ref comparison 4))

; Where no new layer shows, "after" must look like "before", bit for bit; and
; where one shows, something must have changed.
(define (check-only-inside-changed before after dx dy)
  (let ((comparison (compare before after dx dy)))
    (check "some pixels lie outside the masks" (> (outside comparison) 0))
    (check-equal "pixels changed outside the masks"
                 (outside-changed comparison) 0)
    (check "some pixels changed inside the masks"
           (> (inside-changed comparison) 0))))

; The parasite: (NAME FLAGS JSON).
(define (recipe-of layer)
  (gimp-item-get-parasite layer "pentimento-recipe"))

; ---------------------------------------------------------- checkpoints --

(define (checkpoint name)
  (string-append golden-dir "/checkpoints/" name))
(define generator (checkpoint "sd15_tiny.safetensors"))
(define inpainter (checkpoint "sd15_inpaint_tiny.safetensors"))
(define editor (checkpoint "sd15_ip2p_tiny.safetensors"))

; Few steps at a small size: what is drawn does not matter.
(define-macro (call-prompted procedure image layers model . arguments)
  `(vector->list (one
     (,procedure #:run-mode RUN-NONINTERACTIVE #:image ,image
                 #:drawables (list->vector ,layers) #:model ,model
                 #:steps 2 #:model-size 64 ,@arguments))))

; ------------------------------------------------- upscale and enhance --

(define (enhance image layer)
  (vector->list
    (one (plug-in-pentimento-enhance #:run-mode RUN-NONINTERACTIVE
                                     #:image image
                                     #:drawables (vector layer)
                                     #:denoise 0.4))))

(define (upscale image layer)
  (vector->list
    (one (plug-in-pentimento-upscale #:run-mode RUN-NONINTERACTIVE
                                     #:image image
                                     #:drawables (vector layer)))))

(define (size-of-image image)
  (list (one (gimp-image-get-width image))
        (one (gimp-image-get-height image))))

; (X Y WIDTH HEIGHT) of an item.
(define (rectangle-of item)
  (append (gimp-drawable-get-offsets item)
          (list (one (gimp-drawable-get-width item))
                (one (gimp-drawable-get-height item)))))

(define (hash-of-selection image)
  (hash-of (one (gimp-image-get-selection image))))

; Everything that a failure must leave alone.
(define (state-of image)
  (list (size-of-image image)
        (layers-of image)
        (map hash-of (layers-of image))
        (map rectangle-of (layers-of image))
        (hash-of-selection image)
        (gimp-image-get-resolution image)
        (one (gimp-image-is-dirty image))))

; The call fails, saying PART, and the image is as before, without an undo step.
(define-macro (check-refused-call part image call)
  `(let ((image ,image))
     (gimp-image-clean-all image)
     (let ((before (state-of image)))
       (check-failure ,part (failure-of ,call))
       (check-equal "state of the image" (state-of image) before))))
