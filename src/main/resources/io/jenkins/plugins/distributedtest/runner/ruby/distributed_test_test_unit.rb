# frozen_string_literal: true

require_relative 'distributed_test_together'

module DistributedTest
  # test-unit 3: file after file in one process, its own run at exit switched off. Hooks of Test::Unit.at_start run
  # once per worker, those of at_exit when it ends.
  class TestUnitAdapter
    # What each file brings where one process loads them all; nil if that is not known.
    attr_writer :expected

    def load_framework
      RubyClasses.put_on_load_path('lib', 'test')
      require 'test/unit'
      Test::Unit::AutoRunner.need_auto_run = false
      require 'test/unit/collector/descendant'
      require 'test/unit/ui/testrunnermediator'
      require 'test/unit/ui/console/testrunner' # and what it loads: tests may use it, knowingly or not
    rescue LoadError => e
      raise if e.path && e.path !~ %r{\Atest/unit}

      raise SetupFailed, "test-unit is not installed for #{RbConfig.ruby} (gem test-unit: #{e.message}). Add it to " \
                         'the Gemfile and set the interpreter of ruby to ["bundle", "exec", "ruby"], or run: ' \
                         'gem install test-unit'
    end

    def configure(args)
      runner = Test::Unit::AutoRunner.new(false)
      runner.prepare
      runner.process_args(args.dup)
      @filters = runner.filters
    end

    def preloaded
      forget_defined
    end

    # Makes this the framework of tests that were found in the process of another.
    def adopt
      load_framework
      @filters = []
    end

    def spent?
      false
    end

    # Runs what was defined and not run.
    #
    # @param everything whether that is all of it, not only what is written in the file
    def run_defined(path, everything, recorder)
      known = Test::Unit::TestCase::DESCENDANTS
      reopened = reopened()
      known.select! { |each| tests?(each, path) } unless everything
      run_suite(reopened, recorder) unless known.empty? && reopened.empty?
    ensure
      forget_defined
    end

    def forget_defined
      Test::Unit::TestCase::DESCENDANTS.clear
    end

    # @raise Apart if it is to be run together with the others
    def run_file(file, recorder)
      forget_defined
      path = File.expand_path(file)
      Together.load_alone(path, @expected)
      run_suite(reopened, recorder, path)
    ensure
      forget_defined
    end

    # Runs the tests of one of the files that this process loads all, in their order, before any test.
    def run_together(files, file, recorder)
      forget_defined
      own = Together.load_all(files, TestUnitTests)[File.expand_path(file)]
      Test::Unit::TestCase::DESCENDANTS.replace(own.keys)
      run_chosen(own, recorder)
    ensure
      forget_defined
    end

    # Test code ended the file from inside a test.
    def interrupted(recorder, message)
      return unless @test

      recorder.test_case(describe(@test).merge(status: 'error', message: message, type: 'SystemExit'))
      @test = nil
    end

    # At the end of the worker. Returns what failed, unless it raises that.
    def finish
      Test::Unit.run_at_exit_hooks if @started
      []
    end

    private

    # Whether a class has tests and is written in a file.
    def tests?(klass, path)
      methods = klass.public_instance_methods(true).grep(/\Atest./)
      !methods.empty? && RubyClasses.of_file?(klass, methods, path)
    end

    def reopened
      (RubyClasses.opened(Test::Unit::TestCase) - Test::Unit::TestCase::DESCENDANTS).select do |each|
        each.public_instance_methods(true).any? { |name| RubyClasses.new_in?(each, name) }
      end
    end

    # The classes that the file made, and of classes that it only adds to, its own tests; none of those that another file
    # of the run brings, which this one requires.
    #
    # @param path the file, if it is one of the run's that was loaded alone
    def run_suite(reopened, recorder, path = nil)
      Test::Unit::TestCase::DESCENDANTS.concat(reopened)
      own = Test::Unit::TestCase::DESCENDANTS.to_h { |klass| [klass, own(klass, reopened.include?(klass))] }
      run_chosen(path && @expected ? @expected.agreed(path, own) : own, recorder)
    end

    def own(klass, reopened)
      TestUnitTests.tests(klass).reject do |name|
        reopened && !RubyClasses.new_in?(klass, name) || RubyClasses.of_other?(klass, name)
      end
    end

    # @param tests names by class
    def run_chosen(tests, recorder)
      Test::Unit::AutoRunner.need_auto_run = false
      Test::Unit.run_at_start_hooks unless @started
      @started = true
      collector = Test::Unit::Collector::Descendant.new
      collector.filter = @filters + [proc { |test| tests.fetch(test.class, []).include?(test.method_name) ? nil : false }]
      run(collector.collect, recorder)
    end

    def run(suite, recorder)
      result = Test::Unit::TestResult.new
      @test = nil
      @faults = []
      result.add_listener(Test::Unit::TestResult::FAULT) { |fault| fault(fault, recorder) }
      catch do |tag|
        result.stop_tag = tag if result.respond_to?(:stop_tag=)
        run_in(suite, result) { |channel, value| event(channel, value, recorder) }
      end
      unless result.passed? || recorder.troubled?
        recorder.problem('test-unit counts a failed test in this file, but no failure of it was reported')
      end
    end

    # As the mediator of each version calls it: until 3.6 with the result alone, since 3.7 with a context that holds it.
    def run_in(suite, result, &block)
      return suite.run(result, &block) unless defined?(Test::Unit::TestRunContext)

      context = Test::Unit::TestRunContext.new(Test::Unit::TestSuiteRunner)
      return suite.run(result, run_context: context, &block) unless defined?(Test::Unit::WorkerContext)

      suite.run(Test::Unit::WorkerContext.new(nil, context, result), &block)
    end

    def event(channel, value, recorder)
      case channel
      when Test::Unit::TestCase::STARTED_OBJECT
        @test = value
        @faults = []
        @began = now
      when Test::Unit::TestCase::FINISHED_OBJECT
        recorder.test_case(describe(value).merge(outcome(@faults)))
        @test = nil
      end
    end

    # A fault belongs to the running test; those of startup and shutdown of a class are told by themselves.
    def fault(fault, recorder)
      return if fault.is_a?(Test::Unit::Notification)
      return @faults << fault if @test

      recorder.test_case({ name: fault.test_name, class: '', seconds: 0.0, line: 0 }.merge(outcome([fault]))) if bad?(fault)
    end

    def bad?(fault)
      fault.is_a?(Test::Unit::Failure) || fault.is_a?(Test::Unit::Error)
    end

    def describe(test)
      name = test.respond_to?(:local_name) ? test.local_name : test.method_name
      line = test.method(test.method_name).source_location.to_a[1]
      { name: name, class: test.class.name.to_s, seconds: @began ? now - @began : 0.0, line: line.to_i }
    rescue NameError
      { name: test.name.to_s, class: test.class.name.to_s, seconds: 0.0, line: 0 }
    end

    def outcome(faults)
      bad = faults.select { |each| bad?(each) }
      first = bad.find { |each| each.is_a?(Test::Unit::Error) } || bad.first
      if first
        error = first.is_a?(Test::Unit::Error)
        return { status: error ? 'error' : 'failed', message: first.message.to_s, trace: bad.map(&:long_display).join("\n\n"),
                 type: error ? first.exception.class.name.to_s : 'Test::Unit::AssertionFailedError' }
      end
      faults.empty? ? { status: 'passed' } : { status: 'skipped', message: faults.first.message.to_s }
    end

    def now
      Process.clock_gettime(Process::CLOCK_MONOTONIC)
    end
  end
end
