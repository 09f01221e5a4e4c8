"""The anatomy of the digital knee: which tissue is where, defined continuously in space.

Everything is in the *knee frame*: the right knee of a person of mean size, in mm, x medial (patient's left), y
posterior, z superior, the origin in the middle of the femoral condyles' axis. Every structure is a signed distance
(see :mod:`.shapes`), so that it can be sampled at any voxel size and in any pose.

Dimensions are those of adult knees: the mean femur is 79 mm wide and 62 mm deep (ten expert segmentations of
Osteoarthritis Initiative knees: 76 to 94 mm and 62 to 72 mm), with cartilage of 1.5 to 3 mm (Eckstein et al., NMR
Biomed 2006;19:822). The tests compare the volumes that come out with those of the same segmentations.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy.interpolate import PchipInterpolator

from .shapes import (
    Array,
    Points,
    Waves,
    band,
    ellipse,
    ellipsoid,
    round_intersection,
    smooth_intersection,
    smooth_union,
    squared_ellipse,
)


class Label(enum.IntEnum):
    """Values of the label map."""

    AIR = 0
    FEMUR = 1
    FEMORAL_CARTILAGE = 2
    TIBIA = 3
    TIBIAL_CARTILAGE = 4
    PATELLA = 5
    PATELLAR_CARTILAGE = 6
    FIBULA = 7
    MENISCUS = 8
    LIGAMENT = 9
    FLUID = 10
    MUSCLE = 11
    FAT = 12
    SKIN = 13
    VESSEL = 14


class Material(enum.Enum):
    """What gives signal. A bone has two tissues, marrow and cortex, under one label."""

    MARROW = "marrow"
    CORTEX = "cortical bone"
    CARTILAGE = "cartilage"
    MENISCUS = "meniscus"
    TENDON = "tendon and ligament"
    FLUID = "joint fluid"
    MUSCLE = "muscle"
    FAT = "fat"
    SKIN = "skin"
    VESSEL = "vessel"


class Layer(NamedTuple):
    """One structure, to be laid over the ones before it.

    :param distance: signed distance in mm, negative inside.
    :param shade: factor on the tissue's signal, or None.
    """

    label: Label
    material: Material
    distance: Array
    shade: Array | None = None


class ShapeMode(NamedTuple):
    """One way in which femurs differ: ``name`` changes by ``deviation`` ``unit`` per standard deviation."""

    name: str
    mean: float
    deviation: float
    unit: str
    description: str


SHAPE_MODES: tuple[ShapeMode, ...] = (
    ShapeMode("width", 1.0, 0.030, "1", "mediolateral size of femur and tibia"),
    ShapeMode("depth", 1.0, 0.030, "1", "anteroposterior size of femur and tibia"),
    ShapeMode("asymmetry", 1.0, 0.9, "mm", "radius of the medial condyle less that of the lateral one"),
    ShapeMode("posterior_offset", 10.0, 1.4, "mm", "how far the condyles reach behind the shaft"),
    ShapeMode("groove", 5.0, 1.0, "mm", "depth of the trochlear groove"),
    ShapeMode("notch", 9.5, 1.0, "mm", "half width of the intercondylar notch"),
    ShapeMode("shaft_angle", 5.0, 1.6, "degree", "how far the shaft leans laterally (valgus)"),
    ShapeMode("shaft_girth", 1.0, 0.055, "1", "thickness of the shaft and of the metaphysis"),
)
"""What the numbers of a shape vector mean, in order."""

WEAR_CENTERS: dict[str, tuple[float, float, float]] = {
    "medial": (23, 2, -24),
    "lateral": (-23, 2, -24),
    "trochlea": (-10, -28, 0),
}
"""Where cartilage wears: the middle of the spot, knee frame, mm."""

WEAR_RADIUS = 9.0
"""mm at which the wear has fallen to 61 % (a Gaussian)."""

RIM_THICKNESS = 0.5
"""mm. Cartilage thinner than this is left out: it ends in a rim, not in a knife edge."""

MAXIMAL_THICKNESS = 3.2
"""mm, of the femoral cartilage; the joint spaces leave room for it."""

# half width, anterior and posterior extent (mm) of the leg at heights z (mm)
_LEG_Z = (-120, -75, -50, -25, 0, 20, 45, 70, 120)
_LEG_WIDTH = (50, 51, 52, 53.5, 55, 55.5, 56, 58, 64)
_LEG_FRONT = (-34, -38, -44, -48, -50, -51, -51, -54, -60)
_LEG_BACK = (66, 67, 63, 57, 55, 56, 59, 63, 70)

# muscles: start, end (knee frame, mm), radii (mm)
_MUSCLES = (
    ((27, -20, 90), (28, -27, 20), (22, 10)),  # vastus medialis
    ((-28, -18, 95), (-28, -26, 32), (22, 9)),  # vastus lateralis
    ((-3, -33, 100), (-2, -33, 52), (15, 5)),  # rectus femoris and vastus intermedius
    ((18, 44, 95), (25, 40, -14), (17, 9)),  # semimembranosus and semitendinosus
    ((-22, 44, 95), (-37, 32, -20), (17, 8)),  # biceps femoris
    ((22, 38, 16), (20, 47, -85), (8, 21)),  # medial gastrocnemius
    ((-20, 37, 14), (-20, 47, -85), (8, 19)),  # lateral gastrocnemius
    ((-8, 30, -42), (2, 30, -85), (8, 17)),  # popliteus and soleus
    ((42, 28, 90), (42, 24, -25), (9, 7)),  # sartorius and gracilis
    ((-28, -4, -52), (-27, -9, -90), (7, 15)),  # tibialis anterior
)


class KneeAnatomy:
    """One person's knee.

    :param subject: seed; everything that is not given is drawn from it.
    :param shape: one number per :data:`SHAPE_MODES`, in standard deviations; the femur depends on nothing else.
    :param wear: mm of femoral cartilage lost in the middle of the worn spot.
    :param wear_region: one of :data:`WEAR_CENTERS`.
    """

    def __init__(self, subject: int, shape: Sequence[float], wear: float, wear_region: str):
        self._femur = {mode.name: mode.mean + mode.deviation * s for mode, s in zip(SHAPE_MODES, shape)}
        self._wear = wear
        self._wear_center = WEAR_CENTERS[wear_region]
        rng = np.random.default_rng((subject, 2))

        def vary(deviation: float, mean: float = 0.0) -> float:
            return mean + deviation * float(np.clip(rng.normal(), -2, 2))

        self._flexion = np.deg2rad(np.clip(vary(4, 4), -2, 12))
        self._cartilage = vary(0.13, 1.0)
        self._cartilage_waves = Waves(rng, 24)
        self._tibia = {"shift": vary(0.8), "back": vary(1.2), "width": vary(0.02, 1), "girth": vary(0.06, 1)}
        self._patella_center = (-2.5 + vary(1.2), -41.5 + vary(0.5), 17 + vary(3))
        self._patella_axes = (22.0 + vary(1), 12.5 + vary(0.6), 21.5 + vary(1.2))
        self._eminence = vary(0.8, 5)
        self._fluid = np.clip(vary(0.25, 0.6), 0.25, None)
        self._bursa = np.clip(vary(0.5, 1.2), 0.5, None)
        self._fat = np.clip(vary(1.5, 5), 2.5, None)
        self._girth = vary(2.0)
        self._warp = tuple(Waves(rng, 45) for _ in range(3))
        self._fat_waves, self._shell_waves, self._ligament_waves = Waves(rng, 28), Waves(rng, 14), Waves(rng, 7)
        self._muscle_size = tuple(vary(0.08, 1) for _ in _MUSCLES)
        heights = np.linspace(_LEG_Z[0], _LEG_Z[-1], 480)
        self._leg_z = heights
        self._leg_table = [PchipInterpolator(_LEG_Z, v)(heights) for v in (_LEG_WIDTH, _LEG_FRONT, _LEG_BACK)]

    def leg(self, points: Points) -> Array:
        """Signed distance of the skin's outer surface."""
        x, y, z = self._soft(points)
        width, front, back = (np.interp(z, self._leg_z, v).astype(np.float32) for v in self._leg_table)
        girth = np.float32(self._girth)
        outline = ellipse(x, y - (front + back) / 2, width + girth, (back - front) / 2 + girth)
        cover = [half + 6.5 for half in self._patella_axes]
        return smooth_union(outline, ellipsoid(points, self._patella_center, cover), 14)

    def layers(self, points: Points, leg: Array) -> list[Layer]:
        """All structures at the points, in the order in which they are laid over each other.

        :param leg: what :meth:`leg` gave for these points.
        """
        femur, notch = self._femur_distance(points)
        thickness = self._cartilage_thickness(points, notch)
        worn = thickness - self._worn_off(points)
        intact = femur - np.maximum(thickness, 0)
        shin = self._to_tibia(points)
        tibia, tibial_cartilage = self._tibia_distances(shin, femur, intact)
        patella, patellar_cartilage = self._patella_distances(points, femur, intact)
        fibula = band(shin, (-31, 26, -47), (-33, 24, -110), (9, 6.5))
        shaft_cortex = 1.0 + 0.25 * self._shell_waves(points) + np.clip(points[2] - 25, 0, 60) * 0.028
        scar = 1 - 0.35 * np.exp(-(((points[2] - 15 - 0.004 * points[0] ** 2) / 0.7) ** 2))
        tibia_cortex = np.float32(1.0) + np.clip(-45 - points[2], 0, 60) * 0.04

        layers = self._soft_layers(points, leg)
        layers += self._ligaments(points, shin)
        layers.append(self._fluid_layer(points, intact, tibial_cartilage, thickness))
        layers.append(Layer(Label.MENISCUS, Material.MENISCUS, self._menisci(shin, intact, tibial_cartilage)))
        layers.append(_cartilage(Label.TIBIAL_CARTILAGE, tibial_cartilage, tibia))
        layers.append(_cartilage(Label.PATELLAR_CARTILAGE, patellar_cartilage, patella))
        layers += _bone(Label.FIBULA, fibula, np.float32(1.2))
        layers += _bone(Label.TIBIA, tibia, np.where(tibial_cartilage < 0.3, np.float32(0.6), tibia_cortex))
        layers += _bone(Label.PATELLA, patella, np.float32(0.9))
        layers.append(_cartilage(Label.FEMORAL_CARTILAGE, femur - _with_rim(worn), femur))
        layers += _bone(Label.FEMUR, femur, np.where(thickness > 0, np.float32(0.55), shaft_cortex), scar)
        return layers

    def _scaled(self, points: Points) -> Points:
        x, y, z = points
        return x / np.float32(self._femur["width"]), y / np.float32(self._femur["depth"]), z

    def _femur_distance(self, points: Points) -> tuple[Array, Array]:
        """Signed distances of the femur and of the intercondylar notch that is cut out of it."""
        form = self._femur
        x, y, z = self._scaled(points)
        side = np.clip(x / 14, -1, 1)
        medial = 0.5 + side * (0.75 - 0.25 * side * side)  # 0 lateral, 1 medial
        crown = 0.009 * (np.abs(x) - 23) ** 2
        unequal = form["asymmetry"] * (medial - 0.5)
        groove = np.exp(-((x + 1) ** 2) / 110)
        behind = np.hypot(y - form["posterior_offset"], z) - (20 + unequal - crown)
        front_radius = 24.7 + unequal + 1.6 * (1 - medial) - crown - form["groove"] * groove
        rise = z - 2.8
        before = np.hypot(y + 6, rise - np.clip(rise, 0, 9)) - front_radius
        profile = smooth_union(behind, before, 6)
        slope = np.clip(6 - y, 0, None)
        half_width = 39 - slope * (0.10 + 0.18 * medial)
        body = round_intersection(profile, np.abs(x) - half_width, 13)

        lean = np.float32(np.tan(np.deg2rad(form["shaft_angle"])))
        flare = np.exp(-np.clip(z - 12, 0, None) / 20)
        girth = form["shaft_girth"]
        shaft = ellipse(x + lean * z, y + 8 - 0.03 * z, (15.5 + 20 * flare) * girth, (13.5 + 5 * flare) * girth)
        solid = smooth_union(body, smooth_intersection(shaft, 4 - z, 8), 14)

        roof = -(0.825 * (y - 14) - 0.567 * (z - 14))
        walls = np.abs(x + 0.5) - (form["notch"] + 0.12 * np.clip(y, -10, 30))
        notch = round_intersection(walls, roof, 7)
        stretch = np.float32((form["width"] + form["depth"]) / 2)
        return smooth_intersection(solid, -notch, 8) * stretch, notch * stretch

    def _cartilage_thickness(self, points: Points, notch: Array) -> Array:
        """Thickness in mm of the unworn femoral cartilage at the nearest bone; negative beyond its rim."""
        x, y, z = self._scaled(points)
        turn = np.arctan2(y - 2, 2 - z)  # 0 distal, positive posterior
        arc = np.float32(23)
        medial = np.clip(0.5 + x / 30, 0, 1)
        behind = (np.float32(np.deg2rad(122)) - turn) * arc
        before = (turn + np.float32(np.deg2rad(126)) - 0.12 * (1 - medial)) * arc
        half_width = 39 - np.clip(6 - y, 0, None) * (0.12 + 0.24 * medial)
        aside = half_width - 4 - np.abs(x)
        inside = smooth_intersection(-behind, -before, 6)
        inside = smooth_intersection(inside, -aside, 6)
        inside = -smooth_intersection(inside, 2.5 - notch, 3)
        trochlea = np.clip((-turn - 0.5) * 1.2, 0, 1)
        contact = np.exp(-((turn / 0.55) ** 2) - ((np.abs(x) - 22) / 11) ** 2)
        full = 2.35 + 0.55 * trochlea * np.exp(-(x * x) / 250) + 0.35 * contact + 0.2 * self._cartilage_waves(points)
        full = smooth_union(full * np.float32(self._cartilage), np.full_like(full, MAXIMAL_THICKNESS), 0.6)
        grown = full * (1 - np.exp(-np.clip(inside, 0, None) / 2.5))
        return np.where(inside > 0, grown, inside)

    def _worn_off(self, points: Points) -> Array:
        square = sum((c - np.float32(m)) ** 2 for c, m in zip(self._scaled(points), self._wear_center))
        return np.float32(self._wear) * np.exp(square * np.float32(-0.5 / WEAR_RADIUS**2))

    def _to_tibia(self, points: Points) -> Points:
        """Points in the frame of the tibia, which is turned about the condyles' axis when the knee is bent."""
        x, y, z = self._scaled(points)
        cos, sin = np.float32(np.cos(self._flexion)), np.float32(np.sin(self._flexion))
        y, z = y - 6, z
        back, up = cos * y + sin * z, -sin * y + cos * z
        return (
            (x - np.float32(self._tibia["shift"])) / np.float32(self._tibia["width"]),
            back + np.float32(6 - self._tibia["back"]),
            up,
        )

    def _tibia_distances(self, shin: Points, femur: Array, intact: Array) -> tuple[Array, Array]:
        """Signed distances of the tibia and of its cartilage's outer surface."""
        x, y, z = shin
        girth = np.float32(self._tibia["girth"])
        flare = np.exp(-np.clip(-36 - z, 0, None) / 20)
        front = 4.0 - 2.5 * (1 - flare)
        block = squared_ellipse(x, y - front, (19.5 + 19 * flare) * girth, (18.5 + 7.5 * flare) * girth)
        top = z + 25.5 + 0.07 * (y - front)
        block = smooth_intersection(block, -band(shin, (0.5, 37, -10), (0.5, 37, -60), (13, 11)), 8)
        bone = round_intersection(block, top, 5)
        for side in (-5.0, 5.5):
            spine = ellipsoid(shin, (side, 5, -25.5), (4.5, 8, self._eminence + 2))
            bone = smooth_union(bone, spine, 4)
        bone = smooth_union(bone, ellipsoid(shin, (-3, -16, -58), (9, 8, 13)), 10)
        bone = smooth_intersection(bone, 5.5 * np.float32(self._cartilage) - femur, 2)

        cartilage = np.full_like(bone, 1e3)
        for middle, half, full in ((21.5, 16.5, 3.0), (-21.0, 16.0, 3.4)):
            square = ((x - middle) / half) ** 2 + ((y - front - 1) / 21) ** 2
            thick = np.where(square < 1, np.sqrt(np.clip(1 - square, 0, None)), 1 - square) * full
            cartilage = np.minimum(cartilage, bone - _with_rim(thick * np.float32(self._cartilage)))
        cartilage = np.maximum(cartilage, block + 1.5)
        return bone, np.maximum(cartilage, 0.2 - intact)

    def _patella_distances(self, points: Points, femur: Array, intact: Array) -> tuple[Array, Array]:
        """Signed distances of the patella and of its cartilage's outer surface."""
        x, y, z = (c - np.float32(m) for c, m in zip(points, self._patella_center))
        width, depth, height = self._patella_axes
        taper = 1 - 0.12 * np.clip(-z / height, 0, 1.5)
        bone = ellipsoid((x / taper, y, z), (0, 0, 0), (width, depth, height))
        bone = smooth_intersection(bone, 6.6 * np.float32(self._cartilage) - femur, 3)
        reach = 1 - (x / (0.92 * width)) ** 2 - ((z - 2) / (0.72 * height)) ** 2
        thick = 3.9 * np.float32(self._cartilage) * np.sqrt(np.clip(reach, 0, None)) * np.clip(y / 3 + 1, 0, 1)
        cartilage = bone - np.where((reach > 0) & (y > -3), _with_rim(thick), -1)
        return bone, np.maximum(cartilage, 0.3 - intact)

    def _menisci(self, shin: Points, intact: Array, tibial_cartilage: Array) -> Array:
        """Two C-shaped wedges in the space between the cartilages, open towards the eminence."""
        x, y, z = shin
        ring = np.full_like(x, 1e3)
        for middle, half_x, half_y in ((20.0, 18.0, 21.5), (-20.0, 17.5, 18.5)):
            outer = ellipse(x - middle, y - 5.5, half_x, half_y)
            inner = 9.0 + 0.12 * np.clip(y, -10, 20)
            ring = np.minimum(ring, np.maximum(outer, -outer - inner))
        wedge = smooth_intersection(0.15 - intact, 0.15 - tibial_cartilage, 0.6)
        level = z + 23.5 + 0.07 * (y - 4)
        height = np.abs(level) - 5
        return np.maximum(smooth_intersection(wedge, smooth_intersection(ring, height, 4), 1.5), 7.5 - np.abs(x))

    def _ligaments(self, points: Points, shin: Points) -> list[Layer]:
        px, py, pz = self._patella_center
        depth, height = self._patella_axes[1:]
        front = py - 0.25 * depth
        bands = (
            band(points, (px, front, pz + 0.75 * height), (px + 1, -36, 120), (4, 3.2), 4.5),  # quadriceps tendon
            band(points, (px, front, pz - 0.7 * height), (-3, -23, -62), (2.6, 2.6), 5),  # patellar tendon
            band(shin, (0, -4, -25), (-9, 15, 6), (3.6, 3.4)),  # anterior cruciate
            smooth_union(  # posterior cruciate
                band(shin, (1, 25, -36), (3, 19, -14), (3.3, 3.8)), band(shin, (3, 19, -14), (8, 3, -6), (3.8, 4)), 3
            ),
            band(points, (42, 2, 6), (33, -2, -60), (1.8, 1.5), 0.8),  # medial collateral
            band(points, (-41, 6, 4), (-36, 24, -45), (2, 2)),  # lateral collateral
        )
        shade = 1 + 0.3 * self._ligament_waves(points)
        return [Layer(Label.LIGAMENT, Material.TENDON, distance, shade) for distance in bands]

    def _fluid_layer(self, points: Points, intact: Array, tibial_cartilage: Array, thickness: Array) -> Layer:
        """Films on the cartilage and the suprapatellar recess."""
        film = np.where(thickness > 0, intact, 1e3) - np.float32(self._fluid) * (1 + 0.5 * self._fat_waves(points))
        film = np.minimum(film, tibial_cartilage - 0.3)
        x, y, z = points
        recess = ellipsoid((x, y - 0.08 * z, z), (-2, -31.5, 44), (17, self._bursa, 17))
        return Layer(Label.FLUID, Material.FLUID, np.minimum(film, recess + 0.5 * self._shell_waves(points)))

    def _soft(self, points: Points) -> Points:
        """Points displaced by this person's own smooth variation of the soft tissue."""
        x, y, z = (c + np.float32(1.6) * warp(points) for c, warp in zip(points, self._warp))
        return x, y, z

    def _soft_layers(self, points: Points, leg: Array) -> list[Layer]:
        soft = self._soft(points)
        posterior = np.clip(soft[1] / 40, -0.6, 1)
        fat = np.clip(self._fat * (1 + 0.5 * posterior) + 1.3 * self._fat_waves(points), 2, None)
        fascia = leg + fat
        nearest = np.full_like(leg, 1e3)
        second = nearest.copy()
        for (start, end, radii), size in zip(_MUSCLES, self._muscle_size):
            distance = band(soft, start, end, tuple(size * r for r in radii))
            second = np.minimum(second, np.maximum(nearest, distance))
            nearest = np.minimum(nearest, distance)
        septa = 0.5 - (second - nearest) / 2
        muscle = np.maximum(np.maximum(nearest - 5, septa), fascia + 1)
        return [
            Layer(Label.SKIN, Material.SKIN, leg),
            Layer(Label.FAT, Material.FAT, leg + 1.6),
            Layer(Label.FAT, Material.TENDON, np.abs(fascia) - 0.3),
            Layer(Label.MUSCLE, Material.MUSCLE, muscle),
            Layer(
                Label.VESSEL, Material.VESSEL, band(soft, (2, 38, 100), (0, 41, -100), (2.7, 2.4))
            ),  # popliteal artery
            Layer(Label.VESSEL, Material.VESSEL, band(soft, (-5, 45, 100), (-3, 47, -100), (3, 2.8))),  # popliteal vein
            Layer(
                Label.VESSEL, Material.VESSEL, band(soft, (44, 38, 100), (46, 20, -100), (1.8, 1.4))
            ),  # great saphenous
        ]


def _with_rim(thickness: Array) -> Array:
    return np.where(thickness > RIM_THICKNESS, thickness, np.float32(-1))


def _cartilage(label: Label, outer: Array, bone: Array) -> Layer:
    """Cartilage reaches under its bone, which is laid over it: no other tissue shines through between the two."""
    return Layer(label, Material.CARTILAGE, outer, 0.80 + 0.11 * np.clip(bone, 0, 3))


def _bone(label: Label, distance: Array, cortex: Array, shade: Array | None = None) -> list[Layer]:
    return [Layer(label, Material.CORTEX, distance), Layer(label, Material.MARROW, distance + cortex, shade)]
