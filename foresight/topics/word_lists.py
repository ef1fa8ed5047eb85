"""Word lists of two languages: what breaks a phrase, and what it may not begin or end with."""

from __future__ import annotations

from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

PATENT_WORDS = frozenset(
    """
    accordance according adapted additionally advantageously aforementioned allowing and/or
    apparatus appropriate arranged arrangement aspect aspects associated based benefit capable
    certain claim claimed claims comprise comprised comprises comprising configured
    consisting consists contain contained containing contains corresponding couple
    coupled defined described desired determine determined determines determining device devices
    disclosed disclosure disposed embodiment embodiments enable enabled enables enabling example
    exemplary faster feature features formed forming forms fourth function functions general
    generally generate generated generating given having herein hereinafter improved include
    included includes including indicate indicating invention inventive kind like located
    main manner mean means method methods mode mounted near new novel obtain obtained
    obtaining operable operate operating output owing particular particularly perform
    performed performing plural plurality portion portions position possible predetermined
    preferable preferably present prevent previous previously problem process
    processes produce produced producing propose proposed provide provided provides providing
    purpose receive received receives receiving relate related relates relating relative
    representative respect respective respectively result resulting results said second
    selected selectively set sets step steps suitable technique techniques
    teaching teachings thereby therefor therefore therefrom therein thereof thereon thereto
    third type types unit units use used useful user uses using utility utilize utilized
    utilizes utilizing various way ways wherein whereby work works
    approach paper papers show shows shown demonstrate demonstrates demonstrated results
    experiment experiments experimental propose existing recent recently state-of-the-art
    study studies task tasks achieve achieves efficient effective performance
    """.split()
)
OTHER_WORDS = frozenset(
    """
    able amount amounts allow allows b bottom c comprising d e end ends f first g group h high
    higher i ii iii in inner iv j k l large larger least left less long low lower m make makes
    making max min more most n non number numbers o one outer p part parts preferred q r right s
    say side sides size small smaller subject sub t three time times top two u upper v value values
    vi w x y z different adjacent substantially predetermined thereof time_period connected
    connection facing opposite extending extends opposed adapted follows following easily good
    better best weight weight% wt mol invention's having consist formula represented independently
    optionally alkyl integer compound(s) respectively providing change changes changed changing
    increase increased increasing decrease decreased reduce reduced reducing reduces improve
    improves improving maintain maintaining
    """.split()
)
VERBS = frozenset(
    """
    acquire adjust allow apply assist associate avoid away bent bind carry cause communicate
    compare comprise compute convert correct correspond create decide deliver denote depend derive
    describe detect differ disclose eliminate emit encode enhance ensure establish evaluate evolve
    execute exhibit expose fabricate facilitate finish furthermore generate grown identify
    illustrate immerse implement impose improve include incorporate indicate indicative induce
    influence inhibit inject install intend interact introduce investigate involve keep know lack
    lost maintain manufacture mitigate modify moment notify occur optimize participate pass
    perform permit possess predict proceed promote protect prove quantify react realize recognize
    recover regard regulate remain remove replace represent require rest restore retain reveal
    rotate satisfy select send sent separate serve shorter simulate solve stimulate submit suit
    suppress taken thereby transmit treat undergo vary verify wear worn
    """.split()
)
CONTENT_WORDS = frozenset(
    {"bill", "fire", "front", "mill", "mine", "system", "thick", "thin"}
)  # scikit-learn stops them
DETERMINERS = frozenset(
    {"a", "an", "another", "any", "each", "every", "its", "said", "the", "their"}
)
STOP_WORDS = (ENGLISH_STOP_WORDS - CONTENT_WORDS) | PATENT_WORDS | OTHER_WORDS | VERBS
CHINESE_STOP_WORDS = frozenset(
    """
    本发明 一种 所述 其特征在于 其中 包括 以及 用于 方法 装置 系统 进行 具有 通过 提供
    公开 涉及 根据 基于 实现 可以 使用 采用 设置 技术 领域 实用新型 步骤 上述 多个 至少
    一个 第一 第二 该 的 了 和 与 在 研究 结果 分析 提出 本文 目的 影响 应用 问题 作用 以
    对 及 为 是 有 中 上 下 等 或 将 其 并 从 被 由 表明 探讨 不同 主要 方面 情况 发展 存在
    利用 建立 具体 相关 得到 能够 有效 特征 在于 以下
    """.split()
)

PARTICIPLES = frozenset(
    """
    aging annealing beamforming bearing blending bonding brazing breeding broadcasting cabling
    casting charging clustering coating coding computing conditioning cooling coupling crossing
    cutting damping decoding dicing docking doping draining drawing drilling driving editing
    electroplating encoding engineering etching farming fastening fencing filling filtering firing
    folding forging fracturing geocoding grating grinding handling hashing heating imaging indexing
    joining labeling laminating landing learning lighting linking living loading logging machining
    manufacturing mapping marking masking matching metering milling mining mixing modeling molding
    monitoring mooring multiplexing navigating networking operating packaging pairing parking
    patterning phenotyping photobleaching piping plating polishing positioning printing processing
    programming pumping quenching ranging rating reasoning recording refining refueling rendering
    ring riveting roofing routing sampling scaffolding scanning scattering scheduling screening
    sealing searching seeding sensing sequencing shielding signaling sintering smelting soldering
    sorting spacing spinning splicing splitting spring sputtering steering stirring streaming string
    switching tagging targeting testing tooling tracking training tuning tunneling typing warning
    washing watermarking welding winding wing wiring wrapping
    """.split()
)
"""Words in -ing that name a process or a thing: a phrase may begin or end with them."""

ADJECTIVES = frozenset(
    """
    acidic acoustic active acute additional aerobic alkaline alternate alternative amorphous
    anaerobic analog anionic aqueous arbitrary artificial associated automatic autonomous auxiliary
    available axial bacterial bare basic beneficial biocompatible biodegradable biosynthetic bipolar
    bright broad capable capacitive cationic cellular central cheap chimeric chronic clean close
    coaxial cold common compact competent complete complex conductive constant continuous
    conventional cortical crystalline dark deep dense desirable detectable digital direct discrete
    distal downhole dry dual dynamic early effective efficient elastic electric electrical
    electrically electrochemical electrolytic electromagnetic electronic elongated embedded
    embryonic empty entire equal essential excellent external extra fast fine flat flexible foldable
    fourth free frequent full germline global good great green hard heavy high-frequency
    high-quality hollow horizontal hot human hydrophilic hydrophobic ideal immunogenic implantable
    important incident independent individual inductive industrial initial inner inorganic insoluble
    insulative intelligent intermediate internal ionic lateral latter little live local logical
    long-term longitudinal lower magnetic major mammalian mechanical medical metallic microbial
    mobile modern molecular molten monoclonal movable multi multiple multipotent muscular mutual
    natural needed negative neural neutral non-aqueous non-transitory non-volatile nonlinear normal
    novel nucleic nutritive old one-way ophthalmic optical ordinary organic oriented original outer
    outside overall parallel passive periodic peripheral permanent permeable personal pharmaceutical
    physical physiological plain planar pluripotent polar porous portable positive possible
    potential practical precise preset primary prior private programmable proper proximal proximate
    public quick radial random rapid rational raw ready real rear recombinant rectangular reflective
    related relevant reliable remote required residual resistant resistive resonant responsive
    retinal reusable reversible rich rigid robust same secondary separate serial sharp short similar
    simple simultaneous single slow smart smooth soft solid soluble spaced spatial special specific
    specified stable standard static strong subsea subsequent subsurface sufficient super superior
    surplus symmetrical synthetic temporal temporary therapeutic thermal thick thin
    three-dimensional tight tolerant topical total traditional transgenic transparent transverse
    tubular two-dimensional typical ultra ultrasonic uneven uniform unipolar unique universal
    unknown unwanted useful user-defined usual variable vertical viable viral virtual visible visual
    vital warm weak wearable wet whole wide wireless
    """.split()
)
"""Words that qualify: a phrase that ends with one is torn, and alone they name nothing."""

TERM_STARTS = frozenset(
    """
    absorbing adsorbed advanced aided alternating augmented automated balanced based boiling bonded
    charged closed coated coded compressed concentrated conducting connecting cured curved directed
    distributed doped dried embedded emitting encapsulated encrypted engineered enhanced expanded
    extended fixed floating fluidized foaming focused freezing fused guided insulating integrated
    isolated laminated layered liquefied loaded melting mixed modified modulated molded naked
    operating oriented oxidized oxidizing packed patterned phased polarized printed protected pulsed
    purified quantized rated red reducing refracting reinforced rotating scattered sealed
    semiconducting serving shared shielded sintered sliding spread stacked stimulated strained
    supported supporting suspended switched tapered targeting tethered textured twisted unmanned
    unsaturated wound
    """.split()
)
"""Words in -ed with which a term may begin."""

BARE_WORDS = frozenset(
    """
    access acquisition action activity addition address agent algorithm analysis animal application
    approach area arrangement array art article assembly association attribute axis base basis
    behavior block board body bottom boundary box candidate capability case category cause cell
    center chain channel characteristic characteristics chip circuit class code collection column
    combination command communication component composition compound computer concentration concept
    concern condition configuration construction contact content context control controller cost
    cover criterion cycle damage data degree density depth derivative design destination detection
    detector determination development diameter difference dimension direction disease disorder
    display distance distribution document drive driving duration edge effect effort electronics
    element end energy engine entity environment equation equipment error estimate estimation
    evaluation event expression face facility factor fashion field figure file film flow fluid force
    form formation frame frequency front gap gas gate generation ground group hand handling head
    height historical hole host housing identification image imaging implementation improvement
    index indication indicator individual information input instruction intent interaction interface
    interval issue item keyword layer length level life light limit line link liquid list load
    location loss machine management manufacturing map mark mass matching material matter measure
    measurement mechanism medium member memory message metal mixture model modification module
    molecule monitoring motion movement name need network node notification object objective opening
    operation option order orientation output package pad page pair parameter particle parts path
    pattern peak peer period person phase phenomenon piece place plan plane plate platform point
    policy power preparation presence presentation pressure principle procedure processing processor
    product production program progress property proportion protection protein proximity pulse
    quality quantity range rate ratio reaction reagent recognition record reduction reference region
    relation relationship request requirement research resource response role root row rule running
    sample scale scanning scheme screen section segment selection sensor sequence series server
    service set shape signal simulation site situation skill slot smart software solution sort
    source space species specification speed stage state station status storage strain strategy
    stream strength stress string structure style substance substrate suggestion supply support
    surface surrounding surroundings switch symbol system table target technology temperature term
    terminal test text theory thickness thing threshold tissue title tool topic traffic transfer
    transmission transmitter treatment trend type unit use user variation variety vector vehicle
    velocity version view voltage volume wall water wave web weight width window word world yield
    zone
    """.split()
)
"""Words that name nothing when they stand alone; inside a phrase they are welcome."""

EMPTY_HEADS = frozenset("data information operation solution system".split())
"""Bare words that name nothing after other bare words either: `test system`."""

JOINED_PREFIXES = frozenset(
    """
    all anti auto bi co counter cross de di down dual electro extra four full half high hyper in
    inter intra iso low macro mega meta micro mid mini mono multi nano neo non off on one out over
    per photo poly post pre pro pseudo quasi re self semi sub super three trans tri two ultra un
    under uni up
    """.split()
)
"""First parts that mean nothing without what follows the hyphen: `non-volatile`."""

BOILERPLATE = frozenset(
    " ".join(phrase.split())
    for phrase in """
    application program; beneficial quality; close proximity; communication module; communication
    network; communication unit; computer product; computer program; computer program product;
    computer readable medium; computer readable recording medium; computer readable storage medium;
    computer storage; computer storage media; computer storage medium; computer system; control
    circuit; control module; control signal; control system; control unit; cross section; data
    processing; data storage; data structure; data transmission; display unit; electrical signal;
    electronic component; electronic equipment; entire surface; extended period; field display;
    functional group; image data; image processing; important role; information processing; input
    data; input signal; link hub; location information; maximum level; memory card; multiple
    functionality; multiple processor; non-transitory computer readable medium; non-transitory
    storage medium; optical signal; output signal; parameter data; power source; power supply;
    processing module; processing unit; program product; raw material; real world; recording medium;
    room temperature; safety check; sensor data; seq id; server computer; signal amplitude; signal
    processing; storage medium; storage unit; target object; technical effect; technical field;
    technical problem; technical scheme; technical solution; test structure; therapeutic
    application; time period; user body; user equipment; user interface
    """.split(";")
)
"""Phrases of several words that stand in the claims of every field and tell none apart."""
