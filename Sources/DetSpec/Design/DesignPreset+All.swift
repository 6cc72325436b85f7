extension DesignPreset {
  /// The detectors that the paper found (SM-NAS, table 2), on COCO minival with a V100.
  static let finals: [DesignPreset] = [
    DesignPreset(
      name: "E0", text: "512x512 | basicblock 64 1-21-21-12 | fpn P2-P5 128 | rpn | rcnn",
      certainty: .confirmed,
      note:
        "AP 27.11 in 24.56 ms, 16.23 M parameters; the parameters of this design are 16,234,180."
    ),
    DesignPreset(
      name: "E1", text: "800x600 | basicblock 72 11-211-121-211 | fpn P2-P5 256 | rpn | rcnn",
      certainty: .standIn,
      note: """
        AP 34.20 in 32.07 ms, 37.83 M parameters. Its backbone was not published; this is one of several hundred \
        codes of base 72 with as many parameters.
        """),
    DesignPreset(
      name: "E2",
      text: "800x600 | basicblock 56 12-11111-211-1112 | fpn P1-P5 128 | rpn | cascade 3",
      certainty: .confirmed,
      note:
        "AP 40.04 in 39.50 ms, 33.02 M parameters; the parameters of this design are 33,015,146."
    ),
    DesignPreset(
      name: "E3",
      text:
        "800x600 | bottleneck 56 211-111111111-2111111-11112111 | fpn P1-P5 128 | rpn | cascade 3",
      certainty: .confirmed,
      note:
        "AP 42.68 in 50.71 ms, 52.05 M parameters; the parameters of this design are 52,050,890."
    ),
    DesignPreset(
      name: "E4",
      text: "800x600 | \(largestBackbone) | fpn P1-P5 256 | ga-rpn | cascade 3",
      certainty: .inferred,
      note: "AP 43.89 in 80.22 ms, about 92 M parameters. \(largestDoubt)"),
    DesignPreset(
      name: "E5",
      text: "1333x800 | \(largestBackbone) | fpn P1-P5 256 | ga-rpn | cascade 3",
      certainty: .inferred,
      note: "AP 46.05 in 108.07 ms, 90.47 M parameters. \(largestDoubt)"),
  ]

  private static let largestBackbone = "xbottleneck 56 21-21-111111111111111-2111111"
  private static let largestDoubt = """
    The backbone fits the published operations but not the parameters (87.87 M here), and neck, proposals and head \
    are from memory.
    """

  /// Detectors of the literature on every backbone that a design can name.
  package static let classics: [DesignPreset] = methods.flatMap { method in
    method.backbones.map { short in
      DesignPreset(
        name: "\(method.name)-\(short)-\(method.neck)",
        text: "1333x800 | \(backboneNames[short] ?? short) | \(method.parts)",
        certainty: .published, note: method.source)
    }
  }

  private struct Method {
    let name: String
    let neck: String
    let parts: String
    let source: String
    var backbones = ["r18", "r34", "r50", "r101", "x50", "x101", "mobilenetv2"]
  }

  private static let backboneNames = [
    "r18": "resnet18", "r34": "resnet34", "r50": "resnet50", "r101": "resnet101",
    "x50": "resnext50", "x101": "resnext101",
  ]

  private static let methods: [Method] = [
    Method(
      name: "faster-rcnn", neck: "fpn", parts: "fpn P1-P5 256 | rpn | rcnn",
      source: "Faster R-CNN (Ren et al. 2015) with a feature pyramid (Lin et al. 2017)."),
    Method(
      name: "retinanet", neck: "fpn", parts: "fpn P2-P6 256 | none | retinanet",
      source: "RetinaNet (Lin et al. 2017), levels of strides 8 to 128."),
    Method(
      name: "faster-rcnn", neck: "c4", parts: "none | rpn | rcnn",
      source:
        "Faster R-CNN (Ren et al. 2015) on features of stride 16, the last stage in the head.",
      backbones: ["r50", "r101"]),
    Method(
      name: "cascade-rcnn", neck: "fpn", parts: "fpn P1-P5 256 | rpn | cascade 3",
      source: "Cascade R-CNN (Cai & Vasconcelos 2018) with a feature pyramid."),
    Method(
      name: "ga-faster-rcnn", neck: "fpn", parts: "fpn P1-P5 256 | ga-rpn | rcnn",
      source: "Faster R-CNN with guided anchoring (Wang et al. 2019)."),
  ]
}
