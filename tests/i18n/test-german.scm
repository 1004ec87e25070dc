; SPDX-License-Identifier: LGPL-3.0-or-later
; test-german.scm: what GIMP shows of the plug-in in German.

; What GIMP remembers of the plug-in, read as text: (read) stops at strings of
; other plug-ins.
(define (next-line port)
  (let loop ((c (read-char port)) (chars '()))
    (cond ((and (eof-object? c) (null? chars)) c)
          ((or (eof-object? c) (char=? c #\newline))
           (list->string (reverse chars)))
          (else (loop (read-char port) (cons c chars))))))

(define (begins? text part)
  (and (>= (string-length text) (string-length part))
       (string=? (substring text 0 (string-length part)) part)))

(define (remembered)
  (let ((port (open-input-file (string-append work-dir "/profile/pluginrc"))))
    (let loop ((line (next-line port)) (ours #f) (lines '()))
      (cond ((eof-object? line) lines)
            ((begins? line "(plug-in-def")
             (loop (next-line port) (contains? line "pentimento/pentimento")
                   lines))
            (ours (loop (next-line port) #t (cons line lines)))
            (else (loop (next-line port) #f lines))))))

; Line by line: TinyScheme counts the letters of a text again and again.
(define (any-contains? lines part)
  (and (pair? lines)
       (or (contains? (car lines) part) (any-contains? (cdr lines) part))))

(test "menu entries and help"
  (let ((lines (remembered)))
    (check "label of remove" (any-contains? lines "Objekt _entfernen"))
    (check "blurb of remove"
      (any-contains? lines "entfernen und die Stelle aus ihrer Umgebung"))))

(test "errors"
  (let ((image (new-rgb-picture)))
    (check-fails-with "Es ist nichts ausgewählt"
      (remove-from image (first-layer image)))))

(test "names of the new layers"
  (let ((image (new-rgb-picture)))
    (select-rectangle image 40 30 10 10)
    (let ((layers (remove-from image (first-layer image))))
      (check "the layer's name is German"
        (contains? (name-of (car layers)) "Objekt entfernen")))))
