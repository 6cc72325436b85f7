import DetCommand
import DetSpec

extension SearchStage: ArgumentChoice {}
