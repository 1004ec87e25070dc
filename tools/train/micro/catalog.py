# SPDX-License-Identifier: LGPL-3.0-or-later
"""What there is to draw, and the words for it."""


class Kind:
    """A material or pattern.

    nouns: names, the first the usual one; colours: usual ones, or None where
    any will do; traits: trait -> phrases, '' for none; scale: words for fine
    and for coarse, or None; joined: whether the name takes two colors.
    """

    def __init__(self, nouns, colours=None, traits=None, scale=None,
                 joined=False, weight=1.0, lit=True):
        self.nouns, self.colours = nouns.split('|'), colours
        self.traits = traits or {'': ['']}
        self.scale, self.joined, self.weight = scale, joined, weight
        self.lit = lit

    def matches(self, word):
        return self.colours is None or word in self.colours


SIZES = (('small',), ('large', 'big'))
GRAIN = (('fine',), ('coarse', 'rough'))

KINDS = {
    'wood': Kind('wood|wood grain|wooden surface', ('brown', 'beige', 'gray'),
                 {'': [''], 'planks': ['planks', 'boards'],
                  'vertical': ['vertical planks'],
                  'weathered': ['weathered planks']}, GRAIN, weight=2.2),
    'bark': Kind('bark|tree bark', ('brown', 'gray'), scale=GRAIN),
    'marble': Kind('marble|polished marble', ('white', 'gray', 'green',
                                              'black', 'pink', 'beige'),
                   scale=GRAIN, weight=1.8),
    'granite': Kind('granite', ('gray', 'red', 'black', 'beige', 'pink'),
                    scale=GRAIN),
    'brick': Kind('brick wall|bricks|brickwork', ('red', 'brown', 'orange',
                                                  'white', 'gray'),
                  {'': [''], 'old': ['old', 'weathered']}, SIZES, weight=1.8),
    'concrete': Kind('concrete|concrete wall', ('gray', 'beige'),
                     {'': [''], 'cracked': ['cracked']}, GRAIN),
    'plaster': Kind('plaster|stucco|plaster wall', ('white', 'beige', 'yellow',
                                                    'pink', 'gray'),
                    scale=GRAIN),
    'cobblestone': Kind('cobblestones|stone wall|paving stones',
                        ('gray', 'brown', 'beige'), scale=SIZES, weight=1.4),
    'rock': Kind('rock|stone|rough stone', ('gray', 'brown', 'beige', 'black'),
                 {'': [''], 'layered': ['layered']}, GRAIN, weight=1.2),
    'pebbles': Kind('pebbles|gravel', ('gray', 'beige', 'brown'), scale=SIZES),
    'sand': Kind('sand', ('beige', 'gold', 'orange', 'white'),
                 {'': [''], 'rippled': ['rippled']}, GRAIN, weight=1.2),
    'grass': Kind('grass|lawn', ('green', 'yellow'), scale=GRAIN, weight=1.3),
    'moss': Kind('moss', ('green',), scale=GRAIN, weight=.7),
    'leaves': Kind('leaves|foliage', ('green', 'red', 'orange', 'yellow',
                                      'brown'), scale=SIZES, weight=1.6),
    'water': Kind('water|water surface', ('blue', 'turquoise', 'green'),
                  {'': [''], 'calm': ['calm']}, SIZES, weight=1.5),
    'clouds': Kind('sky', ('blue', 'turquoise', 'orange', 'pink', 'purple'),
                   {'': ['sky with clouds', 'clouds'], 'clear': ['clear sky'],
                    'cloudy': ['cloudy sky'],
                    'stormy': ['stormy sky', 'storm clouds']}, SIZES,
                   weight=2, lit=False),
    'stars': Kind('night sky|starry sky|stars', ('blue', 'purple', 'black',
                                                 'turquoise'), scale=SIZES,
                  lit=False),
    'fog': Kind('fog|mist|smoke', ('gray', 'white', 'blue'), lit=False),
    'snow': Kind('snow', ('white',), weight=.7),
    'ice': Kind('ice|cracked ice', ('turquoise', 'blue', 'white'),
                scale=GRAIN),
    'lava': Kind('lava|molten rock', ('orange', 'red', 'yellow'), scale=SIZES,
                 weight=.7, lit=False),
    'fur': Kind('fur', ('brown', 'white', 'black', 'gray', 'orange'),
                scale=GRAIN, weight=.8),
    'paper': Kind('paper', ('white', 'beige', 'yellow', 'pink', 'blue'),
                  {'': [''], 'crumpled': ['crumpled'], 'old': ['old']}, GRAIN,
                  weight=1.8),
    'cardboard': Kind('cardboard', ('beige', 'brown'), weight=.6),
    'fabric': Kind('fabric|linen|cloth|canvas', scale=GRAIN, weight=1.6),
    'denim': Kind('denim', ('blue', 'black'), scale=GRAIN, weight=.8),
    'knit': Kind('knitted wool|knitting', scale=GRAIN),
    'leather': Kind('leather', ('brown', 'black', 'red', 'beige'),
                    scale=GRAIN, weight=1.4),
    'silk': Kind('silk|satin|silk cloth', scale=SIZES, weight=1.2),
    'carpet': Kind('carpet|felt', scale=GRAIN, weight=.8),
    'metal': Kind('metal|steel', ('gray', 'gold', 'blue', 'orange'),
                  {'': ['brushed'], 'scratched': ['scratched'],
                   'polished': ['polished', 'shiny']}, weight=1.6),
    'rust': Kind('rusty metal|rust', ('green', 'blue', 'gray', 'white', 'red'),
                 scale=GRAIN),
    'glass': Kind('drops on glass|rain on a window|water drops', scale=SIZES),
    'paint': Kind('brush strokes|oil paint', joined=True, scale=SIZES),
    'watercolour': Kind('watercolor|watercolor wash', joined=True,
                        scale=SIZES, lit=False),
    'ink': Kind('ink in water|swirling ink', joined=True, lit=False),
    'bokeh': Kind('bokeh|bokeh lights|blurred lights', scale=SIZES,
                  weight=1.6, lit=False),
    'gradient': Kind('gradient', None,
                     {'horizontal': ['horizontal'], 'vertical': ['vertical'],
                      'diagonal': ['diagonal'], 'radial': ['radial']},
                     joined=True, weight=1.8, lit=False),
    'plain': Kind('background|backdrop', None, {'': ['plain', 'solid']},
                  weight=1.2),
    'studio': Kind('studio backdrop|studio background', weight=1),
    'stripes': Kind('stripes', None,
                    {'': ['horizontal'], 'vertical': ['vertical'],
                     'diagonal': ['diagonal']}, SIZES, True, 1.5),
    'checkerboard': Kind('checkerboard|checks', None, None, SIZES, True),
    'dots': Kind('polka dots|dots', None, None, SIZES, True, 1.3),
    'plaid': Kind('plaid|tartan', None, None, SIZES, True),
    'honeycomb': Kind('honeycomb|hexagon pattern', None, None, SIZES, True),
    'waves': Kind('waves|wavy lines', None, None, SIZES, True),
    'zigzag': Kind('zigzag|chevrons', None, None, SIZES, True),
    'sunburst': Kind('sunburst|rays', None, None, None, True),
    'rings': Kind('concentric rings|target', None, None, SIZES, True),
    'diamonds': Kind('diamond pattern|argyle', None, None, SIZES, True),
    'grating': Kind('grid|grid lines', None, None, SIZES, True, .8),
    'tiles': Kind('tiles|ceramic tiles', scale=SIZES, weight=1.2),
    'mosaic': Kind('mosaic', None, None, SIZES, True),
    'stained': Kind('stained glass', None, None, SIZES, True, lit=False),
    'terrazzo': Kind('terrazzo', None, None, SIZES, True, .8),
    'confetti': Kind('confetti', None, None, SIZES, True, .8),
    'camouflage': Kind('camouflage', None, None, SIZES, True, .7),
    'topography': Kind('contour lines|topographic map', None, None, SIZES,
                       True, .7),
    'woven': Kind('wicker|basket weave', ('brown', 'beige'), scale=SIZES,
                  weight=.8),
}

# Behind shapes: quiet ones mostly.
BACKDROPS = {'plain': 7, 'studio': 2.5, 'gradient': 2.5, 'wood': 2,
             'paper': 2, 'marble': 1.5, 'fabric': 1.5, 'concrete': 1,
             'brick': 1, 'sand': 1, 'grass': 1, 'clouds': 1.5, 'water': 1,
             'leather': .7, 'metal': .7, 'snow': .7, 'stripes': .7,
             'dots': .5, 'bokeh': .8, 'stars': .8, 'leaves': .7,
             'plaster': .7, 'watercolour': .5, 'tiles': .5, 'silk': .5}

# What shapes are made of, if not of a color alone.
SHAPE_MATERIALS = ('wood', 'marble', 'metal', 'leather', 'stripes', 'fabric',
                   'brick', 'grass', 'rust', 'ice', 'paper', 'water')

PLACES = {
    'left': (.24, .5), 'right': (.76, .5), 'top': (.5, .24),
    'bottom': (.5, .76), 'centre': (.5, .5), 'top left': (.25, .25),
    'top right': (.75, .25), 'bottom left': (.25, .75),
    'bottom right': (.75, .75),
}
SHAPE_SIZES = {'small': (.085, .11), '': (.14, .19), 'large': (.24, .3)}
