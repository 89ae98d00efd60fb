# frozen_string_literal: true

require 'test/unit/ui/console/testrunner'

# The console's runner of test-unit, which also reports.
class DistributedTestReportRunner < Test::Unit::UI::Console::TestRunner
  Test::Unit::AutoRunner.register_runner(:'distributed-test') { self }
  Test::Unit::AutoRunner.default_runner = :'distributed-test'

  private

  def attach_to_mediator
    super
    @mediator.add_listener(Test::Unit::TestResult::FAULT) { |fault| fault(fault) }
    @mediator.add_listener(Test::Unit::TestCase::STARTED_OBJECT) { |test| @of_test = [test, []] }
    @mediator.add_listener(Test::Unit::TestCase::FINISHED_OBJECT) { |test| ended(test) }
  end

  # A fault belongs to the running test, or to startup and shutdown of a class.
  def fault(fault)
    return if fault.is_a?(Test::Unit::Notification)
    return @of_test[1] << fault if @of_test

    DistributedTestReportLines.say(file: nil, group: '', name: fault.test_name, status: 'failed', message: fault.message)
  end

  def ended(test)
    faults = @of_test[1]
    @of_test = nil
    bad = faults.any? { |each| each.is_a?(Test::Unit::Failure) || each.is_a?(Test::Unit::Error) }
    name = test.respond_to?(:local_name) ? test.local_name : test.method_name
    place = test.method(test.method_name).source_location
    DistributedTestReportLines.say(file: Array(place)[0], group: test.class.name.to_s, name: name, message: faults.first && faults.first.message,
                                   status: bad ? 'failed' : faults.empty? ? 'passed' : 'skipped')
  end
end
