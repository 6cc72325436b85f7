/// What to do about an image or annotation that cannot be used as it is written.
public enum FaultPolicy: Sendable {
  /// The first one ends the reading with an error: nothing is trained on half of a data set.
  case refuse
  /// It is left out and listed in ``Dataset/faults``: for examining a data set.
  case collect
}
