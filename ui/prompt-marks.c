/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* prompt-marks.c: asks the engine what a prompt means, and shows it. */
#include "config.h"

#include "prompt-marks.h"

#include "legible-color.h"

#define DATA "pmt-prompt-marks"

/* Somebody who types does not wait. */
#define DELAY_MS 80

#define N_KINDS (PMT_PROMPT_MARK_ERROR + 1)

/* Lives as long as the view. */
typedef struct
{
  GtkTextView *view;
  GtkTextTag *tags[N_KINDS];
  gboolean is_negative;
  const PmtModel *model; /* nullable */
  PmtRequest *request;   /* nullable */
  GPtrArray *marks;      /* nullable: of PmtPromptMark, for @text */
  gchar *text;
  gchar *error; /* nullable */
  PmtPromptErrorFunc func;
  gpointer user_data;
  guint timeout;
} Marks;

/**
 * Look: of a kind of marks, which no color alone tells
 * @names: colors of themes, the first that there is
 * @color: where a theme has none of them
 */
typedef struct
{
  const gchar *names[2];
  gdouble color[3];
  PangoWeight weight;
  PangoStyle style;
  PangoUnderline underline;
  gboolean is_struck;
} Look;

static const Look looks[N_KINDS] = {
  [PMT_PROMPT_MARK_WEIGHT] = { .names = { "link_color", NULL },
                               .color = { 0.11, 0.44, 0.85 },
                               .weight = PANGO_WEIGHT_BOLD },
  [PMT_PROMPT_MARK_WORD] = { .color = { 0.57, 0.25, 0.67 },
                             .weight = PANGO_WEIGHT_BOLD },
  [PMT_PROMPT_MARK_PART] = { .color = { 0.57, 0.25, 0.67 },
                             .weight = PANGO_WEIGHT_BOLD },
  [PMT_PROMPT_MARK_FLAG] = { .names = { "success_color", NULL },
                             .color = { 0.15, 0.63, 0.41 },
                             .style = PANGO_STYLE_ITALIC },
  [PMT_PROMPT_MARK_NO_EFFECT] = { .names = { "dimmed-fg-color",
                                             "insensitive_fg_color" },
                                  .color = { 0.5, 0.5, 0.5 },
                                  .style = PANGO_STYLE_ITALIC,
                                  .is_struck = TRUE },
  [PMT_PROMPT_MARK_UNKNOWN] = { .names = { "error_color", NULL },
                                .color = { 0.8, 0.1, 0.1 },
                                .style = PANGO_STYLE_ITALIC,
                                .underline = PANGO_UNDERLINE_SINGLE },
  [PMT_PROMPT_MARK_LOOSE] = { .names = { "warning_color", NULL },
                              .color = { 0.9, 0.45, 0.0 },
                              .underline = PANGO_UNDERLINE_SINGLE },
  [PMT_PROMPT_MARK_ERROR] = { .names = { "error_color", NULL },
                              .color = { 0.8, 0.1, 0.1 },
                              .underline = PANGO_UNDERLINE_ERROR },
};

static void
marks_free (gpointer data)
{
  Marks *marks = data;

  if (marks->timeout != 0)
    g_source_remove (marks->timeout);
  g_clear_pointer (&marks->request, pmt_request_free);
  g_clear_pointer (&marks->marks, g_ptr_array_unref);
  g_free (marks->text);
  g_free (marks->error);
  g_free (marks);
}

/* ----------------------------------------------------------------- colors */

static void
find_background (GtkStyleContext *context, gdouble background[3])
{
  const GtkStateFlags state = gtk_style_context_get_state (context);
  g_autoptr (GdkRGBA) own = NULL;
  GdkRGBA color;

  gtk_style_context_get (context, state, GTK_STYLE_PROPERTY_BACKGROUND_COLOR,
                         &own, NULL);
  if (own && own->alpha > 0.5)
    color = *own;
  else if (!gtk_style_context_lookup_color (context, "theme_base_color",
                                            &color))
    {
      gtk_style_context_get_color (context, state, &color);
      color.red = color.green = color.blue =
          color.red + color.green + color.blue > 1.5 ? 0.0 : 1.0;
    }
  background[0] = color.red;
  background[1] = color.green;
  background[2] = color.blue;
}

static void
find_color (GtkStyleContext *context, const Look *look, gdouble color[3])
{
  for (guint i = 0; i < G_N_ELEMENTS (look->names); i++)
    {
      GdkRGBA named;

      if (!look->names[i]
          || !gtk_style_context_lookup_color (context, look->names[i], &named))
        continue;
      color[0] = named.red;
      color[1] = named.green;
      color[2] = named.blue;
      return;
    }
  for (gint c = 0; c < 3; c++)
    color[c] = look->color[c];
}

static void
set_colors (GtkWidget *view, gpointer user_data)
{
  const Marks *marks = user_data;
  GtkStyleContext *context = gtk_widget_get_style_context (view);
  gdouble background[3];

  find_background (context, background);
  for (gint kind = 0; kind < N_KINDS; kind++)
    {
      const Look *look = &looks[kind];
      gdouble color[3];
      GdkRGBA legible;

      find_color (context, look, color);
      pmt_color_make_legible (color, background);
      legible = (GdkRGBA){ color[0], color[1], color[2], 1.0 };
      g_object_set (marks->tags[kind],
                    look->underline == PANGO_UNDERLINE_ERROR
                        ? "underline-rgba"
                        : "foreground-rgba",
                    &legible, NULL);
    }
}

static void
make_tags (Marks *marks)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (marks->view);

  for (gint kind = 0; kind < N_KINDS; kind++)
    {
      const Look *look = &looks[kind];
      GtkTextTag *tag = gtk_text_buffer_create_tag (buffer, NULL, NULL);

      if (look->weight)
        g_object_set (tag, "weight", look->weight, NULL);
      if (look->style)
        g_object_set (tag, "style", look->style, NULL);
      if (look->underline)
        g_object_set (tag, "underline", look->underline, NULL);
      if (look->is_struck)
        g_object_set (tag, "strikethrough", TRUE, NULL);
      marks->tags[kind] = tag;
    }
}

/* ------------------------------------------------------------------ marks */

static void
apply_marks (const Marks *marks)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (marks->view);
  const gchar *last = marks->text;
  glong from = 0;

  /* They are in order: a long text is gone through once. */
  for (guint i = 0; i < marks->marks->len; i++)
    {
      const PmtPromptMark *mark = g_ptr_array_index (marks->marks, i);
      const gchar *start = marks->text + mark->start;
      GtkTextIter first;
      GtkTextIter end;
      glong n;

      from += g_utf8_strlen (last, start - last);
      last = start;
      n = g_utf8_strlen (start, (gssize)mark->length);
      gtk_text_buffer_get_iter_at_offset (buffer, &first, (gint)from);
      gtk_text_buffer_get_iter_at_offset (buffer, &end, (gint)(from + n));
      gtk_text_buffer_apply_tag (buffer, marks->tags[mark->kind], &first, &end);
    }
}

static const gchar *
find_error (const Marks *marks)
{
  for (guint i = 0; i < marks->marks->len; i++)
    {
      const PmtPromptMark *mark = g_ptr_array_index (marks->marks, i);

      if (mark->kind == PMT_PROMPT_MARK_ERROR)
        return mark->message;
    }

  return NULL;
}

static void
tell_error (Marks *marks)
{
  const gchar *error = find_error (marks);

  if (g_strcmp0 (error, marks->error) == 0)
    return;
  g_free (marks->error);
  marks->error = g_strdup (error);
  marks->func (error, marks->user_data);
}

static gboolean
update (gpointer user_data)
{
  Marks *marks = user_data;
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (marks->view);
  GtkTextIter start;
  GtkTextIter end;

  marks->timeout = 0;
  gtk_text_buffer_get_bounds (buffer, &start, &end);
  g_free (marks->text);
  marks->text = gtk_text_buffer_get_text (buffer, &start, &end, TRUE);
  g_clear_pointer (&marks->marks, g_ptr_array_unref);
  marks->marks = pmt_prompt_list_marks (marks->text, -1, marks->is_negative,
                                        marks->model, marks->request);
  gtk_text_buffer_remove_all_tags (buffer, &start, &end);
  apply_marks (marks);
  tell_error (marks);

  return G_SOURCE_REMOVE;
}

static void
update_later (Marks *marks)
{
  if (marks->timeout != 0)
    g_source_remove (marks->timeout);
  marks->timeout = g_timeout_add_full (G_PRIORITY_DEFAULT_IDLE, DELAY_MS,
                                       update, marks, NULL);
}

/* What was marked is not where it was. */
static void
text_changed (GtkTextBuffer *buffer, gpointer view)
{
  Marks *marks = g_object_get_data (G_OBJECT (view), DATA);

  g_clear_pointer (&marks->marks, g_ptr_array_unref);
  update_later (marks);
}

/* The last one is the error, where there are two. */
static const gchar *
find_message (const Marks *marks, const GtkTextIter *iter)
{
  const gint offset = gtk_text_iter_get_offset (iter);
  const gsize at = g_utf8_offset_to_pointer (marks->text, offset) - marks->text;
  const gchar *message = NULL;

  for (guint i = 0; i < marks->marks->len; i++)
    {
      const PmtPromptMark *mark = g_ptr_array_index (marks->marks, i);

      if (mark->message && at >= mark->start && at < mark->start + mark->length)
        message = mark->message;
    }

  return message;
}

static gboolean
show_tooltip (GtkWidget *widget,
              gint x,
              gint y,
              gboolean by_keys,
              GtkTooltip *tooltip,
              gpointer user_data)
{
  const Marks *marks = user_data;
  GtkTextView *view = GTK_TEXT_VIEW (widget);
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (view);
  GtkTextIter iter;
  const gchar *message;

  if (!marks->marks)
    return FALSE;
  gtk_text_view_window_to_buffer_coords (view, GTK_TEXT_WINDOW_WIDGET, x, y, &x,
                                         &y);
  if (by_keys)
    gtk_text_buffer_get_iter_at_mark (buffer, &iter,
                                      gtk_text_buffer_get_insert (buffer));
  else if (!gtk_text_view_get_iter_at_location (view, &iter, x, y))
    return FALSE;
  message = find_message (marks, &iter);
  if (message)
    gtk_tooltip_set_text (tooltip, message);

  return message != NULL;
}

void
pmt_prompt_marks_attach (GtkTextView *view,
                         gboolean is_negative,
                         PmtPromptErrorFunc func,
                         gpointer user_data)
{
  Marks *marks = g_new0 (Marks, 1);

  marks->view = view;
  marks->is_negative = is_negative;
  marks->func = func;
  marks->user_data = user_data;
  make_tags (marks);
  set_colors (GTK_WIDGET (view), marks);
  g_object_set_data_full (G_OBJECT (view), DATA, marks, marks_free);
  g_signal_connect (view, "style-updated", G_CALLBACK (set_colors), marks);
  g_signal_connect (view, "query-tooltip", G_CALLBACK (show_tooltip), marks);
  gtk_widget_set_has_tooltip (GTK_WIDGET (view), TRUE);
  /* The buffer may outlive the view. */
  g_signal_connect_object (gtk_text_view_get_buffer (view), "changed",
                           G_CALLBACK (text_changed), view, 0);
  update_later (marks);
}

void
pmt_prompt_marks_set_model (GtkTextView *view,
                            const PmtModel *model,
                            const PmtRequest *request)
{
  Marks *marks = g_object_get_data (G_OBJECT (view), DATA);

  g_return_if_fail (marks != NULL);
  marks->model = model;
  g_clear_pointer (&marks->request, pmt_request_free);
  marks->request = pmt_request_copy (request);
  update_later (marks);
}
