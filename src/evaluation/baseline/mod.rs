//! How far do simple detectors get? They stand beside the rings in the printed table.
