/** Notebooks to staplers; the tables are read by read-department.ts. */
export const OFFICE = `
Office: For the desk at home and the one at work.
  Notebooks: To plan in, to draw in and to keep.
  Pens & pencils: Fountain pens, pencils and ink.
  Desk accessories: Trays, scissors, tape and a place for each.

# Notebooks
Thread-Bound Notebook A5 | Folio North | 18.90 | ruling: Dots, Lines, Plain; color: Ink, Clay | pages=192; paper=100 g/m², cream; dimensions=15 × 21 × 2 cm; weight=340 | Opens flat on every page because it is sewn and not just glued. Fountain pen ink neither feathers nor shows on the other side.
Pocket Notebooks, Set of Three | Folio North | 12.90 | ruling: Dots, Plain | pages=48; paper=80 g/m², cream; pieces=3; dimensions=9 × 14 × 1 cm; weight=110 | Thin enough for a back pocket, stapled twice and rounded at the corners. One for lists, one for ideas, one for the telephone number of the plumber.
Hardcover Notebook A4 | Folio North | 26.90 | ruling: Squares, Lines | pages=160; paper=100 g/m², white; dimensions=21 × 30 × 2 cm; weight=720 | For laboratories, studios and long meetings, with numbered pages and a table of contents to fill in. Two ribbons mark today and the day you keep going back to.
Week Planner, Refillable | Folio North | 24.90 | color: Ink, Moss, Clay | pages=144; paper=90 g/m², cream; dimensions=15 × 21 × 2 cm; weight=310 | Seven equal days on the left and an empty page on the right; the pages of next year are clipped into the same cover. Printed with soy ink on paper from the Baltic.
Undated Day Planner | Folio North | 29.90 was 34.90 | - | pages=208; paper=100 g/m², cream; dimensions=15 × 21 × 2 cm; weight=390 | Begin on any day and skip the holidays. Each page has three lines for what matters, and a good deal of room for what happens instead.
Sketchbook, Heavy Paper | Folio North | 22.90 | size: A5, A4 +9 | pages=80; paper=180 g/m², white; material=linen cover | Takes pencil, charcoal and a light wash without buckling. The cover is raw linen, so it will carry the marks of where it has been.
Watercolour Block | Folio North | 27.90 | size: 18 × 24 cm, 24 × 32 cm +12 | pages=20; paper=300 g/m², cotton, cold-pressed | Glued on all four sides to keep the sheet taut until it is dry; slip a knife in at the gap to free it. Cotton paper forgives scrubbing.
Reporter's Notepad | Folio North | 8.90 | - | pages=120; paper=70 g/m², recycled; dimensions=13 × 21 × 1 cm; weight=180 | Flips over the top, has a back of stiff card to write on while standing, and tears cleanly along a perforation. Recycled paper with visible specks.
Recipe Book to Fill In | Folio North | 32.90 | - | pages=224; paper=120 g/m², cream; dimensions=18 × 24 × 3 cm; weight=860 | Six tabs from soups to cakes and a laminated page with weights and oven marks. The cover wipes clean, and there is a pocket for the slips from your grandmother.
Letter Paper and Envelopes | Folio North | 21.90 | color: Cream, Pale Blue | paper=120 g/m², laid; pieces=40; dimensions=15 × 21 cm; weight=330 | Twenty sheets with a faint laid texture and twenty envelopes lined with tissue. A guide sheet with lines lies under the first.
Leather Notebook Cover A5 | Folio North | 64.90 | color: Cognac, Black | material=vegetable-tanned leather; dimensions=16 × 22 × 2 cm; weight=240 | Holds any of our A5 books, two cards and a pen. The leather is left raw on the inside and grows darker where the hand rests.

# Pens & pencils
Fountain Pen Klaar | Tintwell | 49.90 | nib: Extra Fine, Fine, Medium, Broad | material=recycled polycarbonate, steel nib; length=14 cm; weight=22 | An honest first fountain pen with a soft triangular grip. It takes cartridges or a converter, and the cap posts with a click.
Fountain Pen Ebonite | Tintwell | 189.00 was 219.00 | nib: Fine, Medium, Broad | material=ebonite, gold-plated steel nib; filling=piston; weight=27 | Turned by hand from hard rubber that feels warm from the first word. The piston holds enough ink for a long exam or a short novel.
Bottled Ink | Tintwell | 14.90 | color: Blue-Black, Sepia, Moss, Bordeaux | volumeMl=50; waterproof=no | Ink that shades from thick to thin and washes out of pens, shirts and children. The bottle has a well at the bottom for the last few fills.
Archival Ink, Waterproof | Tintwell | 19.90 | - | color=[Black]; volumeMl=50; waterproof=yes | A pigment ink for contracts, drawings and envelopes that have to go out in the rain. Use the pen every week, and rinse it every month.
Brass Ballpoint Pen | Tintwell | 39.90 | - | material=solid brass; length=13 cm; weight=34 | Six-sided like a pencil so that it does not roll, heavy in front so that it writes by itself. Takes the standard refill that every stationer has.
Gel Rollerball, Set of Five | Tintwell | 16.90 | - | color=[Black, Navy, Teal, Brick, Plum]; pieces=5; lineMm=0.5; weight=55 | Five sober colours that dry before a left hand gets there. The barrels are refilled, not thrown away.
Mechanical Pencil, Draughtsman | Tintwell | 29.90 | lead: 0.5 mm, 0.7 mm, 0.9 mm | material=aluminium, brass grip; length=14 cm; weight=18 | A fixed sleeve for work along the ruler and a knurled grip that keeps you from pressing too hard. The window shows the hardness you loaded.
Cedar Pencils, Box of Twelve | Tintwell | 14.90 | hardness: HB, 2B, 4B, Mixed +2 | material=incense cedar; pieces=12; weight=72 | Cedar that sharpens in long curls and a core that is glued along its whole length, so it does not break inside when dropped. Unlacquered, with a dipped end.
Coloured Pencils, Tin of 24 | Tintwell | 32.90 was 38.90 | - | material=lime wood; pieces=24; waterSoluble=yes; weight=310 | Soft, strongly pigmented cores that turn to watercolour under a wet brush. Each can be bought singly, since it is always the same blue that runs out.
Pencil Sharpener, Two Holes | Tintwell | 11.90 | - | material=brass; dimensions=3 × 2 × 2 cm; weight=31 | One hole cuts a short point for writing, the other a long one for drawing. A spare blade is screwed in underneath.
Natural Rubber Eraser, Pack of Two | Tintwell | 4.90 | - | material=natural rubber; pieces=2; dimensions=4 × 2 × 1 cm; weight=24 | Soft enough to leave tracing paper intact, and its crumbs roll together instead of flying about. Free of plasticisers, so it does not stick to the pencil case.

# Desk accessories
Letter Tray, Stackable | Deskard | 44.90 | wood: Oak, Walnut +8 | material=veneered plywood; dimensions=33 × 25 × 7 cm; weight=780 | Bent in one piece, open at the front and deep enough for a month of post. Notches hold up to four trays on top of one another.
Pen Pot with Three Chambers | Deskard | 29.90 | color: Chalk, Clay, Forest | material=stoneware; dimensions=12 × 9 × 11 cm; weight=520 | Tall for pencils, middling for pens, low for the eraser that otherwise sinks to the bottom. Cork underneath spares the table.
Steel Desk Scissors | Ironmere | 34.90 | hand: Right-Handed, Left-Handed | material=forged carbon steel; length=20 cm; weight=175 | Forged in two halves and ground until they cut at the very tip. They close with a sound that makes you cut more paper than necessary.
Cast Iron Tape Dispenser | Deskard | 39.90 was 46.90 | color: Black, Tomato | material=cast iron; dimensions=14 × 6 × 8 cm; weight=1250 | So heavy that one hand is enough to tear off a strip. Runs rolls with large and small cores.
Brass Stapler | Deskard | 42.90 | - | material=brass and steel; sheets=20; dimensions=13 × 3 × 6 cm; weight=390 | Opens with a press of the thumb, takes a full row of standard staples and folds them flat. The base turns round to pin instead of staple.
Desk Organiser with Drawer | Deskard | 69.90 | wood: Oak, Walnut +10 | material=solid wood and felt; dimensions=32 × 18 × 12 cm; weight=1700 | A slope for the telephone, a groove for pens and a shallow drawer lined with felt for everything without a name. No screws, just dovetails.
Wool Felt Pinboard | Deskard | 54.90 | size: 60 × 40 cm, 90 × 60 cm +30; color: Grey Marl, Moss | material=wool felt on softwood fibre | Pins go in easily and leave no hole behind. It swallows some of the echo in rooms with bare floors, too.
Perpetual Desk Calendar | Deskard | 36.90 | - | material=beech and brass; dimensions=14 × 5 × 11 cm; weight=420 | Two cubes for the day and three bars for the months, to be turned each morning before the first coffee. It never runs out.
Linen Storage Box with Lid | Deskard | 24.90 | size: A5, A4 +6; color: Natural, Ink | material=linen-covered board | Covered inside and out and reinforced at the corners with metal. A frame on the front takes a label in your own handwriting.
Paper Clip Dish with Magnet | Deskard | 17.90 | - | material=cast brass; dimensions=9 × 9 × 2 cm; weight=280 | Clips gather at the rim like filings, and tipping it over does no harm. Polished on top, rough as cast below.
(archived) Rotary Card File | Deskard | 49.90 | color: Black | material=steel; pieces=250; dimensions=17 × 14 × 13 cm; weight=840 | Two hundred and fifty cards on a wheel, for people who know by hand where a name is. Refill cards are still to be had.
`;
