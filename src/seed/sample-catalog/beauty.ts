/** Creams to razors; the tables are read by read-department.ts. */
export const BEAUTY = `
Beauty: Care for skin, hair and beard, with short lists of ingredients.
  Skin care: Cleansers, creams, oils and sun protection.
  Bath & body: Soaps, shampoos, brushes and bath salts.
  Shaving: Razors, brushes, soaps and balms.

# Skin care
Gentle Milk Cleanser | Marisola | 18.90 | volume: 50 ml, 150 ml +9 | skinType=[dry, sensitive]; vegan=yes; scent=none | An emulsion of oats and almond oil that takes off make-up without foam. Massage it in dry, wipe it off with a warm cloth and leave the rest.
Foaming Gel Cleanser | Marisola | 19.90 | - | volumeMl=150; skinType=[oily, combination]; vegan=yes; scent=mint | Cleans a shiny forehead without leaving it tight, with green clay and a mild coconut surfactant. The pump gives one portion at a press.
Rose Water Toner | Marisola | 16.90 | - | volumeMl=100; skinType=[all]; vegan=yes; scent=rose | Nothing but the water that is left when Bulgarian roses are distilled, and a trace of acid to keep it. Spray it on before the oil, or on a hot train.
Vitamin C Serum 10% | Sabline | 34.90 was 42.90 | - | volumeMl=30; skinType=[normal, combination]; vegan=yes; scent=none | A stable form of vitamin C that does not turn brown in the bottle before it is empty. Three drops in the morning, and sunscreen on top.
Hyaluronic Serum, Three Weights | Sabline | 29.90 | - | volumeMl=30; skinType=[all]; vegan=yes; scent=none | Large molecules stay on the surface, small ones sink in, and the middle ones do what they can. Put it on damp skin: it needs water to hold.
(draft) Retinol Night Cream 0.3% | Sabline | 44.90 | - | volumeMl=50; skinType=[normal, dry]; vegan=yes; scent=none | Begin with two nights a week and let the skin get used to it. The tube is aluminium because retinol minds air and light. Not during pregnancy.
Day Cream with Oat and Squalane | Marisola | 28.90 | - | volumeMl=50; skinType=[dry, sensitive]; vegan=yes; scent=none | Sinks in within a minute and lies well under make-up. The squalane is pressed from olives, and the list of ingredients fits on the lid.
Calendula Balm for Rough Spots | Marisola | 14.90 | volume: 15 ml, 50 ml +8 | skinType=[all]; vegan=no; scent=marigold and beeswax | Marigold petals steeped in sunflower oil for six weeks and thickened with beeswax. For elbows, heels, and noses after a week of colds.
Mineral Sunscreen SPF 50 | Sabline | 26.90 | volume: 50 ml, 100 ml +14 | spf=50; waterResistant=yes; vegan=yes; scent=none; skinType=[sensitive] | Zinc oxide ground finely enough to leave hardly a trace of white. Free of perfume and of filters that are not allowed on coral reefs.
Clay Mask with Green Tea | Marisola | 17.90 | - | volumeMl=75; skinType=[oily, combination]; vegan=yes; scent=green tea | Ten minutes, not until it cracks: then it has taken the oil and left the water. Rinse with a flannel over the basin, since it is rather green.
Facial Oil, Rosehip and Argan | Marisola | 27.90 was 32.90 | - | volumeMl=30; skinType=[dry, normal]; vegan=yes; scent=nutty | Two cold-pressed oils with nothing added. It has the orange tint of rosehips, which goes away when it has been rubbed in.
Lip Balm Stick | Marisola | 6.90 | flavour: Honey, Peppermint, Plain | volumeMl=5; vegan=no; weight=12 | Beeswax and cocoa butter in a tube of stiff paper that you push up from below. Survives a jacket pocket, not a dashboard in August.

# Bath & body
Olive Oil Soap | Savonnerie Estelle | 7.90 | scent: Unscented, Lavender, Fig | weight=150; vegan=yes; material=olive oil, water, sea salt; origin=France | Stirred in a cauldron for five days, cut with wires and dried for a month. It gets smaller very slowly.
Soap Bar for Gardeners | Savonnerie Estelle | 8.90 | - | weight=140; vegan=yes; scent=rosemary; origin=France | Ground walnut shell scrubs off soil and resin, and shea butter looks after what is left of the hands. The hemp cord hangs it by the outside tap.
Solid Shampoo | Savonnerie Estelle | 12.90 | hair: Normal, Dry, Oily | weight=70; vegan=yes; scent=bergamot | One bar lasts as long as two bottles and cannot leak in a suitcase. Rub it in the hands first, then on wet hair.
Solid Conditioner | Savonnerie Estelle | 13.90 | - | weight=55; vegan=yes; scent=almond | Made with cocoa butter and a softener from rapeseed, for hair that tangles when it hears the word comb. Draw it through the lengths and leave out the roots.
Body Lotion, Unscented | Marisola | 16.90 | volume: 200 ml, 400 ml +10 | skinType=[dry, sensitive]; vegan=yes; scent=none | Light enough for summer and rich enough for shins in February. The bottle stands on its head, so the last of it comes out too.
Hand Cream with Shea | Savonnerie Estelle | 9.90 was 11.90 | scent: Verbena, Fig, Unscented | volumeMl=50; vegan=yes | A fifth of it is shea butter, and yet keys and telephones stay clean. In an aluminium tube that can be rolled up to the end.
Bath Salts, Pine and Eucalyptus | Savonnerie Estelle | 14.90 | - | weight=600; vegan=yes; scent=pine and eucalyptus | Coarse Atlantic salt with forest oils for the evening after a wet hike. Two handfuls and twenty minutes, with the window on the latch.
Bath Brush with Long Handle | Savonnerie Estelle | 22.90 | - | material=beech and sisal; dimensions=42 × 8 × 5 cm; weight=210; vegan=yes | Reaches the middle of the back, where arms do not. The head comes off the handle and becomes a brush for dry massage in the morning.
Sea Sponge | Savonnerie Estelle | 19.90 | size: Medium, Large +9 | material=natural sponge | Cut by Greek divers above the root, so that it grows again. Rinse it well and hang it up, and it lasts for years.
Boar Bristle Hairbrush | Bladon | 39.90 | size: Pocket, Full +12 | material=pear wood, boar bristle; vegan=no | Carries the oil from the scalp down into the tips, which is all the shine product most hair needs. The wood is waxed with carnauba.
Waffle Bath Towel | Linnhaven | 29.90 | size: 50 × 100 cm, 75 × 150 cm +17; color: White, Sage, Clay | material=linen and cotton; care=machine wash at 60 °C | Thin, quick to dry and rough in the way that wakes you up. The loop is sewn into the middle of the side, so it hangs narrow.

# Shaving
Safety Razor, Closed Comb | Bladon | 49.90 | finish: Chrome, Matt Black +5 | material=chromed brass; length=9 cm; weight=82 | A mild razor for those who are changing over from cartridges. Let the weight do the work and hold it at thirty degrees.
Adjustable Safety Razor | Bladon | 89.00 was 99.00 | - | material=stainless steel; length=10 cm; weight=112; settings=6 | Six clicks from a baby's cheek to a week's stubble, set with a ring below the head. Loads from above through two doors that open like a bridge.
Double-Edge Blades | Bladon | 4.90 | pieces: 10 Pieces, 50 Pieces +12, 100 Pieces +22 | material=stainless steel | Swedish steel with a platinum edge that is good for five shaves. A slot in the back of the box swallows the used ones.
Shaving Brush, Synthetic | Bladon | 34.90 | handle: Resin, Olive Wood +6 | material=synthetic fibre; knotMm=24; vegan=yes; weight=68 | Soft tips and a springy back: fibres that hold water like badger hair and dry in half the time. No soaking, just wet it and go.
Shaving Soap in a Bowl | Savonnerie Estelle | 24.90 | scent: Cedar, Lime, Unscented | material=shea butter soap in a stoneware bowl; weight=310; vegan=yes | A dense, slippery lather from a hard puck in a stoneware bowl with ridges. Refills fit in with a push of the thumb.
Shaving Cream Tube | Savonnerie Estelle | 12.90 | - | volumeMl=100; vegan=yes; scent=cedar | An almond-sized bit on a wet brush makes enough foam for three passes. For travelling and for mornings without patience.
Alum Block | Bladon | 8.90 | - | weight=100; vegan=yes; material=potassium alum | Glide it over the wet face after shaving: it stings where you pressed too hard, and stops the small cuts. Dry it before you close the tin.
Aftershave Balm | Bladon | 22.90 | - | volumeMl=100; vegan=yes; scent=sandalwood and bergamot; alcohol=no | Cools without alcohol and leaves nothing sticky under the collar. The scent is gone by the time you reach the office.
Beard Oil | Bladon | 19.90 was 23.90 | scent: Cedar, Citrus, Unscented | volumeMl=30; vegan=yes | Jojoba and apricot kernel oil for beards that itch in their third week. Four drops, warmed between the palms, against the grain and back.
Beard Comb | Bladon | 14.90 | - | material=pear wood; dimensions=11 × 4 × 1 cm; weight=18 | Sawn, not moulded, and polished between the teeth, so it finds no hair to pull. One side is wide for the beard, the other narrow for the moustache.
Leather Wash Bag | Aldgrove | 89.00 | color: Tobacco, Black | material=waxed canvas and leather; dimensions=25 × 13 × 14 cm; weight=380; waterproof=no | Stands open like a doctor's bag and is lined with a cloth that can be wiped. A loop outside holds the wet toothbrush away from the rest.
`;
