# frozen_string_literal: true

# Reports what Minitest runs. It joins the reporters when the plugins have set up theirs, whether there are any, whether
# plugins are loaded at all, and whatever they take away.
module Minitest
  class DistributedTestReport < AbstractReporter # :nodoc:
    # Around Minitest.init_plugins.
    module Joins
      def init_plugins(options)
        super
        reporter << DistributedTestReport.new
      end
    end

    def record(result)
      klass = result.respond_to?(:klass) ? result.klass : result.class.name
      place = result.respond_to?(:source_location) ? result.source_location : result.method(result.name).source_location
      status = result.passed? ? 'passed' : result.skipped? ? 'skipped' : 'failed'
      DistributedTestReportLines.say(file: Array(place)[0], group: klass.to_s, name: result.name.to_s, status: status,
                                     message: result.failures.first && result.failures.first.message)
    end
  end

  singleton_class.prepend(DistributedTestReport::Joins)
end
