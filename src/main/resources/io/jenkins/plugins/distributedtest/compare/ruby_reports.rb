# frozen_string_literal: true

# When the tests are loaded: has the framework that they are of report.
require_relative 'test_unit_runner' if defined?(Test::Unit::AutoRunner)
require_relative 'minitest_report' if defined?(Minitest::AbstractReporter)
