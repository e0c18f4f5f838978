/** Hammers to spirit levels; the tables are read by read-department.ts. */
export const TOOLS = `
Tools: To build, to mend and to take apart.
  Hand tools: Hammers, planes, chisels and saws.
  Power tools: Drills, saws and sanders, mostly without a cable.
  Measuring & marking: Rules, squares, levels and pencils.

# Hand tools
Claw Hammer, Hickory | Ironmere | 39.90 | weight: 450 g, 570 g +4 | material=forged steel, hickory; length=33 cm | The head is hung by hand and wedged twice. The claw is thin enough to get under a nail that is already almost flush.
Joiner's Mallet | Ironmere | 29.90 | - | material=beech; dimensions=14 × 8 × 32 cm; weight=620 | Faces cut at a slight angle to meet the chisel square. The handle goes through from above and tightens with each blow.
Bench Chisels, Set of Four | Ironmere | 99.00 was 119.00 | - | material=chrome vanadium steel, hornbeam handle; pieces=4; sizes=[6 mm, 12 mm, 18 mm, 26 mm]; hardnessHrc=61; weight=780 | Flat on the back and bevelled at the sides for dovetails. They come sharp enough to work with and get better on the first stone.
Low-Angle Block Plane | Ironmere | 119.00 | - | material=cast iron and brass; dimensions=16 × 5 × 6 cm; weight=690 | Takes the corner off a board, a whisker off a drawer and end grain without splinters. The mouth closes to a hair's breadth.
Japanese Pull Saw, Double-Edged | Hinokama | 44.90 | length: 21 cm, 24 cm +5 | material=carbon steel, rattan-wrapped handle | Rip teeth on one side and crosscut on the other; because it cuts on the pull, the kerf is less than a millimetre. Blades are changed with a tap.
Tenon Saw with Brass Back | Ironmere | 79.90 | - | material=carbon steel, brass, beech; length=30 cm; teethPerInch=14; weight=640 | A stiff, straight saw for joints, with a handle that was shaped for three fingers and a pointing one. It can be re-sharpened, and we do it for you by post.
Screwdrivers, Set of Six | Ironmere | 49.90 | - | material=chrome vanadium steel, beech handle; pieces=6; weight=710 | The blades go right through the handle, so a stubborn screw may be encouraged with a hammer. Three slotted, three cross-headed, in a canvas roll.
Adjustable Spanner | Ironmere | 32.90 | length: 20 cm, 25 cm +8, 30 cm +17 | material=forged steel; scale=yes | The jaw has no play when it is new and hardly any after ten years. A scale in millimetres saves the second trip to the toolbox.
Combination Spanner Set | Ironmere | 89.90 was 105.00 | - | material=chrome vanadium steel; pieces=12; sizes=[6 mm to 19 mm]; weight=1850 | Twelve spanners with an open end and a ring, offset so that knuckles survive. The canvas roll shows at a glance which one is missing.
Combination Pliers | Ironmere | 27.90 | length: 16 cm, 18 cm +3, 20 cm +6 | material=forged steel; insulated=no | Grip flat, round and hexagonal, and cut wire at the joint where the leverage is best. The joint is lapped by hand and neither wobbles nor sticks.
Waxed Canvas Tool Roll | Aldgrove | 54.90 | color: Olive, Tobacco | material=waxed canvas and leather; pockets=14; dimensions=62 × 35 cm; weight=560 | Fourteen pockets from narrow to broad and a flap that folds down over them so that nothing falls out on the stairs. Two straps close it around whatever you have put in.
Oak Tool Tote | Järnvall | 84.90 | - | material=oak, ash handle; dimensions=48 × 22 × 28 cm; weight=3200 | An open box with a round handle and a saw slot, dovetailed like those that joiners made at the end of their apprenticeship. Good for picnics, too.

# Power tools
Cordless Drill Driver 18 V | Drehwerk | 149.00 was 179.00 | kit: Bare Tool, Two Batteries +90 | torqueNm=60; chuckMm=13; brushless=yes; weight=1350 | Short enough to work inside a cabinet and strong enough for thirty-millimetre holes in oak. The light is below the chuck and stays on for ten seconds after the last screw.
Cordless Impact Driver 18 V | Drehwerk | 139.00 | kit: Bare Tool, Two Batteries +90 | torqueNm=190; brushless=yes; weight=1080 | Drives long structural screws without wrenching the wrist. The gentlest of its four steps stops before a small screw has gone through the plasterboard.
Pocket Screwdriver 4 V | Drehwerk | 59.90 | - | torqueNm=5; charging=USB-C; pieces=22; weight=310 | For furniture that comes in flat boxes: twist the wrist to the right and it turns right. Twenty bits sit in the case around it.
Random Orbital Sander 125 mm | Drehwerk | 119.00 | powerSource: Mains, 18 V Bare Tool +20 | discMm=125; orbitMm=2.5; weight=1400 | Sands a tabletop without swirls and most of its dust goes into the box. The pad stops within a second when you lift it.
Plunge Circular Saw | Drehwerk | 329.00 was 379.00 | - | bladeMm=165; power=1200; depthMm=55; dimensions=34 × 24 × 26 cm; weight=4200 | Drops into the middle of a worktop and follows a rail with a splinter guard that is cut to the very tooth. Connects to any household vacuum cleaner.
Guide Rail for Plunge Saw | Drehwerk | 74.90 | length: 80 cm, 140 cm +45 | material=aluminium | Lies where you put it, because the underside is rubber. Two of them join into one straight line with the connectors in the box.
Jigsaw 18 V | Drehwerk | 129.00 | kit: Bare Tool, Two Batteries +90 | strokeMm=26; bevel=45°; brushless=yes; weight=1950 | Starts slowly, so the first tooth goes in on the line. The shoe tilts without a key and has a cover for varnished boards.
Palm Router 710 W | Drehwerk | 139.00 | - | power=710; colletMm=8; speed=10000 to 32000; dimensions=14 × 10 × 21 cm; weight=1600 | Rounds over shelves, cuts hinge recesses and fits in one hand. Depth is set with a rack that moves by a tenth of a millimetre.
Rotary Hammer SDS 2.6 J | Drehwerk | 189.00 | - | power=800; impactJoules=2.6; cableM=4; weight=2700 | Gets through concrete as if it were stale bread, with a clutch that lets go when the bit jams. Four metres of rubber cable reach the ceiling and back.
Battery Pack 18 V | Drehwerk | 64.90 | capacity: 2 Ah, 4 Ah +30, 6 Ah +55 | chemistry=lithium-ion; chargeIndicator=yes | Fits every 18-volt machine in this range, and we promise to keep the shape. Four lights show the charge at the push of a button.
Wood Drill Bits, Set of Eight | Drehwerk | 24.90 | - | material=chrome vanadium steel; pieces=8; sizes=[3 mm to 10 mm]; weight=290 | Brad points that stay where you set them and spurs that cut a clean rim. The wooden block they stand in was drilled with them.
(archived) Corded Hammer Drill 650 W | Drehwerk | 79.90 | - | power=650; chuckMm=13; cableM=3; weight=1900 | Our last drill with a mains lead and a hammer action, simple and hard to kill. Spare carbon brushes are still available.

# Measuring & marking
Folding Rule, Beech | Lotrecht | 12.90 | - | material=beech; length=2 m; pieces=10; weight=118 | Ten sections with hidden joints that still snap after years of flicking. The scale is printed in two colours, and right angles lock.
Tape Measure | Lotrecht | 16.90 | length: 3 m, 5 m +5, 8 m +11 | material=steel tape, rubberised case; accuracyClass=I | Stands out for two metres before it bends and carries a scale on both sides. The hook moves by exactly its own thickness, for inside and outside measures.
Brass-Bound Spirit Level | Lotrecht | 69.90 was 82.00 | length: 40 cm, 60 cm +15 | material=beech and brass; accuracyMmPerM=0.5 | A level for people who like to look at their tools, true to half a millimetre in a metre. The vial can be adjusted with one small screw after a fall.
Aluminium Spirit Level | Lotrecht | 34.90 | length: 40 cm, 80 cm +14, 120 cm +28 | material=aluminium; accuracyMmPerM=0.5; magnetic=no | A rectangular section with two vertical vials and end caps that come off for drawing right into the corner. Milled on the underside.
(draft) Cross-Line Laser | Lotrecht | 129.00 | beam: Red, Green +40 | rangeM=20; accuracyMmPerM=0.3; selfLevelling=yes; weight=540 | Throws a level and a plumb line on the wall and blinks if it stands too crooked to be believed. Magnets and a thread hold it to pipes and tripods.
Laser Distance Meter | Lotrecht | 79.90 | - | rangeM=50; accuracyMm=1.5; memory=20; dimensions=11 × 5 × 3 cm; weight=96 | Measures rooms alone, without someone at the other end of the tape. Adds up areas, subtracts the window and remembers the last twenty numbers.
Try Square | Ironmere | 34.90 | length: 15 cm, 25 cm +9 | material=steel blade, walnut stock with brass | The blade is let into the stock and riveted three times, square to within a sheet of paper. Inside and outside can both be trusted.
Combination Square | Lotrecht | 39.90 | - | material=cast iron, hardened steel; length=30 cm; weight=640 | Square, mitre, depth gauge and ruler in one, with lines etched deep enough to feel. The scriber in the head is there when no pencil is.
Marking Gauge with Wheel | Ironmere | 44.90 | - | material=brass and hardened steel; length=20 cm; weight=215 | A little wheel cuts the line instead of scratching it and does not wander off with the grain. The fence locks with one turn of the thumb.
Vernier Calliper | Lotrecht | 36.90 | type: Vernier, Digital +18 | material=stainless steel; rangeMm=150; weight=160 | Inside, outside, depth and step, to two hundredths of a millimetre. The digital one turns itself off, the vernier never needs to be turned on.
Carpenter's Pencils, Pack of Six | Tintwell | 7.90 | - | material=lime wood; pieces=6; length=24 cm; weight=84 | Oval, so that they stay on the roof, with a broad hard lead that writes on wet timber too. Sharpen them with a knife or on the sandpaper you are standing on.
Chalk Line Reel | Lotrecht | 18.90 | chalk: Blue, Red | material=aluminium; lineM=30; weight=260 | Stretch it, lift it, let it snap: a straight line of thirty metres. The crank is geared three to one, and the hook holds on to a board by itself.
`;
