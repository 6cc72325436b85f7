import Foundation
import TestSupport
import Testing

@testable import DetData

/// Files of other tools are known by their content and named, with the way out.
@Suite struct ForeignFormatTests {
  /// The beginning of a file of every format, as its tool writes it.
  static func samples(of format: ForeignFormat) -> [String] {
    switch format {
    case .cvat:
      [
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<!-- CVAT -->\n<annotations>\n  <version>1.1</version>\n"
          + "  <image id=\"0\" name=\"a.jpg\" width=\"64\" height=\"48\"></image>\n</annotations>"
      ]
    case .kitti:
      [
        "Car 0.00 0 -1.57 599.41 156.40 629.75 189.25 2.85 2.63 12.34 0.47 1.49 69.44 -1.56\n"
          + "DontCare -1 -1 -10 503.89 169.71 590.61 190.13 -1 -1 -1 -1000 -1000 -1000 -10\n"
      ]
    case .dota:
      [
        "imagesource:GoogleEarth\ngsd:0.146\n1 2 30 2 30 40 1 40 plane 0\n",
        "1.0 2.0 30.0 2.0 30.0 40.0 1.0 40.0 small-vehicle 1\n",
      ]
    case .imageList: ["data/obj/a.jpg\ndata/obj/b.PNG\n", "/home/me/set/c.jpeg\r\n"]
    case .openImages:
      [
        "ImageID,Source,LabelName,Confidence,XMin,XMax,YMin,YMax,IsOccluded\n"
          + "000026e7ee790996,freeform,/m/07j7r,1,0.07,0.14,0.2,0.39,0\n"
      ]
    case .boxTable:
      [
        "filename,width,height,class,xmin,ymin,xmax,ymax\na.jpg,64,48,tree,1,2,30,40\n",
        "images/a.jpg,1,2,30,40,tree\nimages/b.jpg,5,6,7,8,tree\n",
      ]
    case .viaTable:
      [
        "#filename,file_size,file_attributes,region_count,region_id,region_shape_attributes,region_attributes\n"
          + "a.jpg,100,\"{}\",1,0,\"{\"\"name\"\":\"\"rect\"\"}\",\"{}\"\n".replacingOccurrences(
            of: "#", with: "")
      ].map { $0.replacingOccurrences(of: "#", with: "") }
    }
  }

  @Test(arguments: ForeignFormat.allCases) func everyFormatIsKnownByItsContent(
    format: ForeignFormat
  ) throws {
    #expect(!Self.samples(of: format).isEmpty)
    for text in Self.samples(of: format) {
      let folder = try TemporaryFolder()
      let file = try folder.write("set/one.\(text.hasPrefix("<") ? "xml" : "txt")", text)
      let head = try ContentHead(file)
      #expect(ForeignFormat.allCases.filter { $0.isTold(by: head) } == [format], "\(text)")
      for path in [file, folder.path, folder.path + "/set"] {
        #expect(ForeignFormat.told(at: path)?.format == format)
      }
      let marked = ContentHead(path: "x", data: Data([0xEF, 0xBB, 0xBF]) + Data(text.utf8))
      #expect(ForeignFormat.told(by: marked) == format)
    }
  }

  @Test func whatIsReadIsNotForeign() {
    for text in [
      "0 0.5 0.5 0.1 0.1\n", "tree\npalm\n", "<annotation><filename>a.jpg</filename></annotation>",
      "", "{\"images\":[]}", "0 0.1 0.1 0.2 0.1 0.2 0.2 0.1 0.2\n",
      "n01440764 tench, Tinca tinca\n",
      "ImageId,PredictionString\nILSVRC2012_val_1,n1 85 1 499 272\n",
      "names: [tree]\ntrain: images/train\n",
    ] {
      #expect(
        ForeignFormat.told(by: ContentHead(path: "x", data: Data(text.utf8))) == nil, "\(text)")
    }
  }

  @Test func everyFormatHasATitleAndAWayOut() {
    #expect(Set(ForeignFormat.allCases.map(\.title)).count == ForeignFormat.allCases.count)
    for format in ForeignFormat.allCases {
      let error = format.error("a.txt")
      #expect(error.kind == .foreignFormat && !error.cure.isEmpty)
      #expect("\(error)".hasPrefix("a.txt: is \(format.title), which is not read; "))
    }
  }
}
