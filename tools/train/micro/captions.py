# SPDX-License-Identifier: LGPL-3.0-or-later
"""Captions of scenes: sentences and tags, in varied order, not always all."""
import catalog
from colours import weighted
from scene import Landscape, pick

PREFIXES = ('texture of', 'a close-up of', 'a photo of', 'background of',
            'a picture of', 'seamless texture of', 'pattern of', 'a view of')
TAGS = ('texture', 'seamless', 'background', 'close-up', 'detailed', 'tile',
        'high quality', 'realistic', 'wallpaper', 'beautiful', 'simple',
        'top view', 'pattern', 'material', 'surface')
SHAPE_NAMES = {'ball': 'ball|sphere', 'crescent': 'crescent|moon',
               'circle': 'circle|disc', 'square': 'square',
               'ring': 'ring', 'cross': 'cross|plus sign',
               'diamond': 'diamond|rhombus'}
MATERIAL_WORDS = {'wood': 'wooden', 'metal': 'metal', 'stripes': 'striped',
                  'rust': 'rusty', 'ice': 'icy', 'grass': 'grassy'}


def article(text):
    return ('an ' if text[0] in 'aeiou' else 'a ') + text


def either(rng, names):
    """The first more often than the others."""
    names = names.split('|') if isinstance(names, str) else list(names)
    return names[0] if rng.random() < .6 else pick(rng, names)


def surface_phrase(rng, surface, short=False):
    """Such as 'fine dark brown weathered planks of wood'."""
    info = catalog.KINDS[surface.kind]
    noun = either(rng, info.nouns)
    words = []
    if surface.size and not short and rng.random() < .8:
        words.append(either(rng, info.scale[surface.size > 0]))
    trait = pick(rng, info.traits[surface.trait])
    colour = surface.colour.text(rng)
    if surface.second is not None and rng.random() < .92:
        colour += ' and ' + surface.second.text(rng)
    says_colour = not surface.is_usual or rng.random() < .35
    if surface.kind == 'clouds':
        noun = trait or noun
        trait = ''
    if surface.kind == 'wood' and trait and rng.random() < .85:
        noun = pick(rng, (f'wooden {trait}', f'{trait} of wood'))
        trait = ''
    if surface.kind == 'gradient' and rng.random() < .5:
        form = pick(rng, ('{t} gradient from {a} to {b}',
                          '{t} gradient, {a} to {b}'))
        return form.format(t=trait, a=surface.colour.text(rng),
                           b=surface.second.text(rng))
    parts = [trait, colour] if rng.random() < .5 else [colour, trait]
    if not says_colour:
        parts.remove(colour)
    if rng.random() < .12 and says_colour:
        parts.remove(colour)
        text = ' '.join(w for w in words + parts + [noun] if w)
        return f'{text} in {colour}'
    return ' '.join(w for w in words + parts + [noun] if w)


def place_phrase(rng, place):
    if place == 'centre':
        return pick(rng, ('in the center', 'in the middle', 'at the centre'))
    if place in ('top', 'bottom'):
        return pick(rng, (f'at the {place}', f'on the {place}'))
    if place in ('left', 'right'):
        return pick(rng, (f'on the {place}', f'at the {place}',
                          f'to the {place}'))
    return pick(rng, (f'in the {place} corner', f'at the {place}',
                      f'{place}'))


def item_name(rng, item, short=False):
    """Such as 'small red wooden star'."""
    name = either(rng, SHAPE_NAMES.get(item.shape, item.shape))
    words = []
    if item.size and not short:
        words.append(weighted(
            either(rng, catalog.SIZES[item.size == 'large']), item.weight))
    material = None
    if item.surface is not None:
        info = item.surface
        if not info.is_usual:
            words.append(info.colour.text(rng))
        material = info.kind
        if material in MATERIAL_WORDS:
            words.append(MATERIAL_WORDS[material])
            material = None
    else:
        words.append(item.colour.text(rng))
    text = ' '.join(words + [name])
    if material:
        noun = catalog.KINDS[material].nouns[0]
        noun = {'brick wall': 'bricks', 'water': 'water'}.get(noun, noun)
        text += f' made of {noun}'
    return text


def item_phrase(rng, item):
    text = article(item_name(rng, item))
    if rng.random() < .9:
        text += ' ' + place_phrase(rng, item.place)
    return text


def light_phrases(rng, light):
    out = []
    if light.tone:
        out.append(weighted(pick(rng, (f'{light.tone} light',
                                       f'{light.tone} tones')), light.weight))
    if light.level:
        out.append(weighted(f'{light.level} light', light.weight))
    if light.side:
        out.append(pick(rng, (f'lit from the {light.side}',
                              f'light from the {light.side}')))
    return [p for p in out if rng.random() < .85]


def landscape_phrases(rng, land):
    ground = {'sea': 'sea|ocean', 'meadow': 'meadow|green field',
              'desert': 'desert|sand dunes', 'snow': 'snowy field|snow'}
    sky = {'clear': 'clear sky', 'cloudy': 'cloudy sky|clouds in the sky',
           'stormy': 'stormy sky|dark clouds'}
    out = [either(rng, ground[land.ground])]
    if land.hills:
        out.append(land.hills if land.ground != 'snow' or rng.random() < .5
                   else 'snowy ' + land.hills)
    if rng.random() < .85:
        out.append(either(rng, sky[land.sky]))
    if land.time != 'day':
        out.append(pick(rng, (f'at {land.time}', land.time)))
    elif rng.random() < .4:
        out.append(pick(rng, ('by day', 'daylight', 'at noon')))
    if land.has_disc:
        out.append('moon' if land.time == 'night' else 'sun')
    return out


def _landscape(rng, land):
    parts = landscape_phrases(rng, land)
    if rng.random() < .5:
        rng.shuffle(parts)
        return ', '.join(parts)
    text = parts[0]
    if land.hills and len(parts) > 1:
        text += pick(rng, (' with ', ' and ')) + parts[1]
    for part in parts[1 + bool(land.hills):]:
        if 'sky' in part and 'in the' not in part:
            text += ' under a ' + part
        elif part.startswith(('at ', 'by ')):
            text += ' ' + part
        else:
            text += ', ' + part
    return text if rng.random() < .6 else pick(
        rng, ('a landscape with ', 'landscape of ', 'a view of ')) + text


def _join_items(rng, items):
    texts = [item_phrase(rng, i) for i in items]
    rng.shuffle(texts)
    if len(texts) == 1:
        return texts[0]
    return ', '.join(texts[:-1]) + ' and ' + texts[-1]


def caption(rng, scene):
    """One of the captions of @scene."""
    if isinstance(scene.backdrop, Landscape):
        return _landscape(rng, scene.backdrop)
    ground = surface_phrase(rng, scene.backdrop, bool(scene.items))
    lights = light_phrases(rng, scene.light)
    if not scene.items:
        form = rng.random()
        if form < .45:
            text = ground
        elif form < .6:
            text = article(ground) if not ground.endswith('s') else ground
        else:
            text = f'{pick(rng, PREFIXES)} {ground}'
        extra = [pick(rng, TAGS)] if rng.random() < .2 else []
        parts = lights + extra
        rng.shuffle(parts)
        if parts and rng.random() < .25:
            return f'{", ".join(parts)}, {text}'
        return ', '.join([text] + parts)
    if rng.random() < .65:
        text = f'{_join_items(rng, scene.items)} ' \
            f'{pick(rng, ("on", "on", "over", "in front of"))} '
        text += ground if rng.random() < .5 else article(ground)
        return ', '.join([text] + lights)
    parts = [item_phrase(rng, i) if rng.random() < .5
             else f'{item_name(rng, i)} {place_phrase(rng, i.place)}'
             for i in scene.items]
    parts = parts + [ground] + lights
    rng.shuffle(parts)
    return ', '.join(parts)
