# frozen_string_literal: true

require_relative 'distributed_test_control'
require_relative 'distributed_test_minitest_plugins'
require_relative 'distributed_test_together'

module DistributedTest
  # Minitest 5 and 6: file after file in one process. Autorun is switched off (a file may require minitest/autorun as
  # always).
  class MinitestAdapter
    # What each file brings where one process loads them all; nil if that is not known.
    attr_writer :expected

    def load_framework
      # Rails would start processes of its own for each file's tests; the slots are the parallelism here.
      ENV['PARALLEL_WORKERS'] ||= '1'
      RubyClasses.put_on_load_path('lib', 'test')
      require 'minitest'
      DistributedTest.quietly do
        Minitest.define_singleton_method(:autorun) { Minitest.class_variable_set(:@@installed_at_exit, true) }
      end
    rescue LoadError => e
      raise if e.path && e.path != 'minitest'

      raise SetupFailed, "Minitest is not installed for #{RbConfig.ruby} (gem minitest: #{e.message}). Add it to the " \
                         'Gemfile and set the interpreter of ruby to ["bundle", "exec", "ruby"], or run: ' \
                         'gem install minitest'
    end

    def configure(args)
      @plugins = MinitestPlugins.new(args)
    end

    def preloaded
      Minitest::Runnable.reset
    end

    # Makes this the framework of tests that were found in the process of another.
    def adopt
      load_framework
      configure([])
      Minitest.seed = @plugins.options[:seed] # asked for when classes tell of their tests
    end

    def spent?
      false
    end

    # Runs what was defined and not run.
    #
    # @param everything whether that is all of it, not only what is written in the file
    def run_defined(path, everything, recorder)
      Minitest.seed = @plugins.options[:seed]
      reopened = reopened()
      Minitest::Runnable.runnables.select! { |each| tests?(each, everything ? nil : path) }
      with_own_tests(reopened) { run(recorder) unless Minitest::Runnable.runnables.empty? }
    ensure
      forget_defined
    end

    def forget_defined
      Minitest::Runnable.reset
    end

    # @raise Apart if it is to be run together with the others
    def run_file(file, recorder)
      Minitest::Runnable.reset
      path = File.expand_path(file)
      Together.load_alone(path, @expected)
      RailsWorker.current.set_up
      Minitest.seed = @plugins.options[:seed] # asked for when classes tell of their tests
      with_own_tests(reopened, path) { run(recorder) }
    ensure
      Minitest::Runnable.reset
    end

    # Runs the tests of one of the files that this process loads all, in their order, before any test.
    def run_together(files, file, recorder)
      Minitest::Runnable.reset
      Minitest.seed = @plugins.options[:seed]
      own = Together.load_all(files, MinitestTests)[File.expand_path(file)]
      RailsWorker.current.set_up
      Minitest::Runnable.runnables.replace(own.keys)
      choosing(own) { run(recorder) }
    ensure
      Minitest::Runnable.reset
    end

    # Test code ended the file from inside a test.
    def interrupted(recorder, message)
      klass, name = @running && @running.running
      recorder.test_case(name: name, class: klass.name.to_s, status: 'error', message: message, type: 'SystemExit',
                         seconds: 0.0) if name
      @running = nil
    end

    # At the end of the worker: reporters of plugins, then Minitest.after_run blocks. Returns what failed, unless it
    # raises that.
    def finish
      @plugins.finish
    ensure
      Minitest.class_variable_get(:@@after_run).reverse_each(&:call)
    end

    private

    # @param path the file that they are to be written in; nil for any
    def tests?(klass, path)
      methods = tests_of(klass)
      !methods.empty? && (path.nil? || RubyClasses.of_file?(klass, methods, path))
    end

    def tests_of(klass)
      MinitestTests.tests(klass)
    end

    def run(recorder)
      @plugins.start
      options = @plugins.options
      Minitest.seed = options[:seed]
      srand(Minitest.seed)
      @running = reporter = MinitestReporter.build(recorder, @plugins)
      run_all(reporter, options)
      puts "Minitest ran this file with: --seed #{Minitest.seed}" unless reporter.passed?
      @running = nil
    rescue Interrupt
      raise unless @plugins.interrupted?

      recorder.problem('A plugin of Minitest ended the run here; what came after it in this file was not run')
    end

    # Which classes give their tests to the executor is not to be told by their order (minitest/hell).
    def run_all(reporter, options)
      executor = Minitest.parallel_executor
      executor.start if executor.respond_to?(:start)
      Minitest.respond_to?(:__run) ? Minitest.__run(reporter, options) : Minitest.run_all_suites(reporter, options)
    ensure
      executor.shutdown
    end

    def reopened
      RubyClasses.opened(Minitest::Runnable) - Minitest::Runnable.runnables
    end

    # A class that an earlier file made and this one adds tests to: this file's tests run, the others do not again. Of a
    # class that another file of the run brings, which this one requires, none runs here.
    #
    # @param path the file, if it is one of the run's that was loaded alone
    def with_own_tests(reopened, path = nil, &block)
      added = reopened.to_h { |klass| [klass, tests_of(klass).select { |name| RubyClasses.new_in?(klass, name) }] }
      added.reject! { |_, names| names.empty? }
      Minitest::Runnable.runnables.concat(added.keys)
      own = own(added)
      own = @expected.agreed(path, own) if path && @expected
      choosing(own.reject { |klass, names| !added[klass] && names.size == tests_of(klass).size }, &block)
    end

    # The tests of this file, by class.
    def own(added)
      Minitest::Runnable.runnables.to_h do |klass|
        names = added[klass] || tests_of(klass)
        [klass, RubyClasses.others? ? names.reject { |name| RubyClasses.of_other?(klass, name) } : names]
      end
    end

    # @param tests names by class; other classes run all that they have
    def choosing(tests)
      tests.each_key { |klass| klass.singleton_class.prepend(MinitestChoice) }
      MinitestChoice.tests = tests
      Minitest::Runnable.runnables.reject! { |each| tests[each] == [] }
      yield
    ensure
      MinitestChoice.tests = {}
    end
  end

  # Of some classes some tests run.
  module MinitestChoice
    @tests = {}

    class << self
      # Names of tests, by class; what is missing runs all.
      attr_accessor :tests
    end

    def runnable_methods
      chosen = MinitestChoice.tests[self]
      chosen ? super & chosen : super
    end
  end

  # Made when minitest is there to inherit from.
  module MinitestReporter
    def self.build(recorder, plugins)
      @type ||= Class.new(Minitest::StatisticsReporter) { include MinitestReporter }
      reporter = @type.new(plugins.options[:io], plugins.options)
      reporter.recorder = recorder
      reporter.plugins = plugins
      reporter
    end

    attr_accessor :recorder, :plugins
    attr_reader :running

    def prerecord(klass, name)
      @running = [klass, name]
      plugins.prerecord(klass, name)
    end

    def record(result)
      @running = nil
      @bad ||= !result.passed? && !result.skipped?
      recorder.test_case(describe(result).merge(outcome(result)))
      plugins.record(result)
    end

    def passed?
      !@bad
    end

    def report; end

    private

    def describe(result)
      klass = result.respond_to?(:klass) ? result.klass : result.class.name
      line = result.respond_to?(:source_location) ? Array(result.source_location)[1] : result.method(result.name).source_location[1]
      { name: result.name.to_s, class: klass.to_s, seconds: result.time.to_f, line: line.to_i }
    end

    def outcome(result)
      return { status: 'passed' } if result.passed?

      first = result.failures.first
      return { status: 'skipped', message: first.message.to_s } if result.skipped?

      error = first.respond_to?(:error) ? first.error : first
      { status: result.error? ? 'error' : 'failed', type: error.class.name.to_s,
        message: (first.is_a?(Minitest::UnexpectedError) ? "#{error.class}: #{error.message}" : first.message).to_s,
        trace: result.failures.map { |each| trace(each) }.join("\n\n") }
    end

    def trace(failure)
      error = failure.respond_to?(:error) ? failure.error : failure
      frames = Minitest.filter_backtrace(Frames.of(error))
      "#{error.message} (#{error.class})\n#{frames.join("\n")}"
    end
  end
end
