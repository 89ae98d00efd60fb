# frozen_string_literal: true

# A plugin of Minitest, found by its name on the load path.
module Minitest
  def self.plugin_distributed_test_report_init(_options)
    reporter << DistributedTestReport.new
  end

  class DistributedTestReport < AbstractReporter # :nodoc:
    def record(result)
      klass = result.respond_to?(:klass) ? result.klass : result.class.name
      place = result.respond_to?(:source_location) ? result.source_location : result.method(result.name).source_location
      status = result.passed? ? 'passed' : result.skipped? ? 'skipped' : 'failed'
      DistributedTestReportLines.say(file: Array(place)[0], group: klass.to_s, name: result.name.to_s, status: status,
                                     message: result.failures.first && result.failures.first.message)
    end
  end
end
