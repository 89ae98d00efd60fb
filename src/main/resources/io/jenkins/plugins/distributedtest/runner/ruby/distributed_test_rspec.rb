# frozen_string_literal: true

require_relative 'distributed_test_rspec_settings'
require_relative 'distributed_test_ruby_classes'

module DistributedTest
  # RSpec 3: file after file in one process.
  #
  # Configuration, loaded helpers, the reporter and shared examples stay from file to file; example groups go.
  # before(:suite) hooks run once per worker, after(:suite) hooks when it ends, as in one `rspec` process; hooks that a
  # later file adds run before that file.
  class RSpecAdapter
    # Options of `.rspec` and of the command line that would hide failures (the others' results), print to files that
    # all workers share, or hand the run to somebody else.
    IGNORED_OPTIONS = %i[fail_fast formatters runner drb only_failures bisect files_or_directories_to_run].freeze

    def load_framework
      require 'rspec/core'
      # What the command's default formatter has loaded before any file, and suites use without requiring it.
      require 'stringio'
      require 'rspec/core/formatters/progress_formatter'
      RSpec::Core::Runner.disable_autorun!
    rescue LoadError => e
      raise if e.path && e.path !~ %r{\Arspec/core}

      raise SetupFailed, "RSpec is not installed for #{RbConfig.ruby} (gem rspec-core: #{e.message}). Add it to the " \
                         'Gemfile and set the interpreter of ruby to ["bundle", "exec", "ruby"], or run: ' \
                         'gem install rspec'
    end

    def configure(args)
      @config = RSpec.configuration
      options = RSpec::Core::ConfigurationOptions.new(args)
      IGNORED_OPTIONS.each { |name| options.options.delete(name) }
      @config.output_stream = $stdout
      @config.error_stream = $stderr
      @config.backtrace_exclusion_patterns << Frames::OURS
      # First of all: as soon as the reporter is asked for, old versions add one that prints if there is none.
      RSpecFormatter.register
      @config.add_formatter(RSpecFormatter)
      listen
      raise_for_deprecations
      options.configure(@config)
      @settings = RSpecSettings.new(@config)
      refuse_broken_set_up
    end

    # Makes this the framework of tests that were found in the process of another.
    def adopt
      load_framework
      configure([])
      @hooks_done = []
    end

    def preloaded
      refuse_broken_set_up
      @hooks_done = []
      clear
    end

    def run_file(file, recorder)
      RSpecFormatter.recorder = @recorder = recorder
      clear
      @settings.begin(File.expand_path(file))
      if load_file(file)
        RailsWorker.current.set_up
        run_groups(recorder)
      end
      tell_what_rspec_counts(recorder)
      pass_over(recorder) if recorder.troubled? && exit_code.zero?
    ensure
      RSpecFormatter.recorder = nil
      @spent = @settings.changed?
      clear
    end

    # Whether the file that was run last leaves a process in which others would be judged otherwise.
    def spent?
      @spent
    end

    # Runs what was defined and not run.
    def run_defined(_path, _everything, recorder)
      return if RSpec.world.example_count(RSpec.world.example_groups).zero?

      RSpecFormatter.recorder = @recorder = recorder
      run_groups(recorder)
    ensure
      RSpecFormatter.recorder = nil
      clear
    end

    def forget_defined
      clear
    end

    # Test code ended the file from inside an example.
    def interrupted(recorder, message)
      example = RSpecFormatter.running
      RSpecFormatter.running = nil
      RSpec.current_example = nil if RSpec.respond_to?(:current_example=)
      return unless example

      recorder.test_case(RSpecFormatter.describe(example).merge(status: 'error', message: message, type: 'SystemExit'))
    end

    # At the end of the worker; returns what failed.
    def finish
      @recorder = nil
      @outside = []
      end_suite if @started
      @outside << 'RSpec counts a failure outside of examples' if @outside.empty? && non_example_failure?
      exit_code.zero? ? [] : @outside
    end

    # Something went wrong outside of any example.
    def outside(exception, context)
      frames = @config.backtrace_formatter.format_backtrace(Frames.of(exception))
      @went_outside = true
      text = "#{context}\n#{exception.message} (#{exception.class})\n#{frames.join("\n")}"
      @recorder ? @recorder.problem(text) : @outside << text
    end

    private

    # The hooks, then the listeners of the project's, as the command has it.
    def end_suite
      hooks(:after).each { |hook| run_hook(hook, 'an `after(:suite)` hook') }
      return unless project_listens?

      @ran.each { |list, examples| reporter_list(list).concat(examples) }
      @config.reporter.finish
    end

    ENDING = %i[stop start_dump dump_pending dump_failures dump_summary dump_profile seed close].freeze
    LISTS = %i[@examples @failed_examples @pending_examples].freeze

    # Whether the project has registered something that hears the end of the run, and may decide about it.
    def project_listens?
      ENDING.any? do |event|
        @config.reporter.registered_listeners(event).any? { |each| !each.class.name.to_s.start_with?('RSpec::Core::', 'DistributedTest::') }
      end
    end

    def reporter_list(name)
      @config.reporter.instance_variable_get(name)
    end

    def non_example_failure?
      RSpec.world.respond_to?(:non_example_failure) && RSpec.world.non_example_failure
    end

    def tell_what_rspec_counts(recorder)
      return unless non_example_failure? && !recorder.troubled?

      @went_outside = true
      recorder.problem('RSpec counts a failure outside of the examples of this file')
    end

    # With which exit code the command ends where something of this file failed.
    def exit_code
      error = @config.error_exit_code if @went_outside && @config.respond_to?(:error_exit_code)
      error || @config.failure_exit_code
    end

    def pass_over(recorder)
      recorder.pass_over('the exit code for failures is 0 (failure_exit_code, error_exit_code), so RSpec passes ' \
                         'whatever fails in this file')
    end

    def run_groups(recorder)
      run_filtered(recorder)
    ensure
      # As RSpec prints it, whatever came of the file.
      recorder.order(@config.seed) if @config.seed_used?
    end

    def run_filtered(recorder)
      with_all_when_everything_is_filtered do
        groups = RSpec.world.ordered_example_groups
        count = RSpec.world.example_count(groups)
        tell_filters(count, recorder)
        start_once(count)
        # That there is none is asked of the whole suite (fail_if_no_examples), and so of the run: fail_if_no_tests.
        run_each(groups, recorder) if count.positive? && before_suite
      end
    end

    def run_each(groups, recorder)
      passed = groups.map { |group| group.run(@config.reporter) }.all?
      return if passed || recorder.troubled?

      recorder.problem('RSpec says that an example of this file failed, but no failure of it was reported')
    end

    # That a file runs but a part of its examples is easily overlooked.
    def tell_filters(count, recorder)
      return unless @settings.filtered?

      all = RSpec.world.all_examples.size
      recorder.warning("this file sets a filter (#{@settings.filters}): #{count} of its #{all} examples run")
    end

    # RSpec tells what goes wrong outside of examples to its reporter, as text.
    def listen
      adapter = self
      @outside = []
      reporter = @config.reporter
      return unless reporter.respond_to?(:notify_non_example_exception)

      reporter.define_singleton_method(:notify_non_example_exception) do |exception, context|
        adapter.outside(exception, context)
        super(exception, context)
      end
    end

    # config.raise_errors_for_deprecations!, which RSpec takes for too late once there is a reporter: here there is one
    # before the project's helpers are loaded.
    def raise_for_deprecations
      @config.define_singleton_method(:deprecation_stream=) do |stream|
        formatters = RSpec::Core::Formatters::DeprecationFormatter
        next super(stream) unless stream.is_a?(formatters::RaiseErrorStream)

        @deprecation_stream = stream
        reporter.register_listener(formatters.new(stream, output_stream), :deprecation)
      end
    end

    def refuse_broken_set_up
      raise SetupFailed, @outside.join("\n\n") unless @outside.empty?
      raise SetupFailed, 'RSpec refuses to run: a required file failed to load' if RSpec.world.wants_to_quit
    end

    def clear
      world = RSpec.world
      world.reset
      world.filtered_examples.clear
      world.wants_to_quit = false
      world.rspec_is_quitting = false if world.respond_to?(:rspec_is_quitting=)
      world.non_example_failure = false if world.respond_to?(:non_example_failure=)
      @config.force(fail_fast: false)
      @went_outside = false
      clear_lists
    end

    # What ran is kept where the project hears the end of the run, which is told of all of it.
    def clear_lists
      @ran ||= {}
      listens = project_listens?
      LISTS.each do |list|
        kept = reporter_list(list)
        next unless kept.respond_to?(:clear)

        (@ran[list] ||= []).concat(kept) if listens
        kept.clear
      end
    end

    def load_file(file)
      path = File.expand_path(file)
      @config.files_or_directories_to_run = [file]
      @config.loaded_spec_files << path if @config.respond_to?(:loaded_spec_files)
      RubyClasses.load_file(path)
      @config.force(fail_fast: false)
      true
    rescue SystemExit, SignalException, NoMemoryError
      raise
    rescue Exception => e # rubocop:disable Lint/RescueException -- ScriptError, too
      outside(e, "An error occurred while loading #{file}.")
      false
    end

    # What config.run_all_when_everything_filtered means, for this file alone.
    def with_all_when_everything_is_filtered
      world = RSpec.world
      inclusions = world.filter_manager.inclusions.rules
      everything = @config.run_all_when_everything_filtered? && !inclusions.empty? && world.example_count.zero?
      return yield unless everything

      kept = inclusions.dup
      inclusions.clear
      world.filtered_examples.clear
      begin
        yield
      ensure
        inclusions.merge!(kept)
      end
    end

    # Formatters that a project adds in its helpers expect a start.
    def start_once(count)
      @config.reporter.start(count) unless @started
      @started = true
    end

    # Runs the hooks that have not run yet in this worker; one that fails runs again for the next file, so that no
    # file passes without them.
    def before_suite
      (hooks(:before) - @hooks_done).all? do |hook|
        run_hook(hook, 'a `before(:suite)` hook').tap { |passed| @hooks_done << hook if passed }
      end
    end

    # Before 3.2 they lay among the others.
    def hooks(position)
      list = "@#{position}_suite_hooks"
      return @config.instance_variable_get(list) if @config.instance_variable_defined?(list)

      @config.hooks[position][:suite].to_a
    end

    def run_hook(hook, description)
      type = RSpec::Core::SuiteHookContext
      context = type.instance_method(:initialize).arity.zero? ? type.new : type.new(description, @config.reporter)
      hook.run(context)
      raise context.exception if context.respond_to?(:exception) && context.exception
      return true unless RSpec.world.wants_to_quit

      RSpec.world.wants_to_quit = false
    rescue SystemExit, SignalException, NoMemoryError
      raise
    rescue Exception => e # rubocop:disable Lint/RescueException -- a hook may raise anything
      outside(e, "An error occurred in #{description}.")
      false
    end
  end

  # Reports examples as they end; lets RSpec print nothing by itself.
  class RSpecFormatter
    class << self
      attr_accessor :recorder, :running

      # What an example is called and where it is.
      def describe(example)
        group = example.metadata[:example_group]
        result = example.execution_result
        { name: example.description, class: group[:full_description], line: example.metadata[:line_number],
          seconds: result.run_time || 0.0 }
      end
    end

    def self.register
      RSpec::Core::Formatters.register self, :message, :example_started, :example_passed, :example_failed,
                                       :example_pending
    end

    def initialize(_output); end

    # What RSpec would print: reported otherwise.
    def message(_notification); end

    def example_started(notification)
      self.class.running = notification.example
    end

    def example_passed(notification)
      report(notification, status: 'passed')
    end

    def example_pending(notification)
      report(notification, status: 'skipped', message: notification.example.execution_result.pending_message.to_s)
    end

    def example_failed(notification)
      exception = notification.exception
      # Before 3.6 RSpec takes an exit for a failure of the example.
      recorder = self.class.recorder
      recorder.problem("called exit(#{exception.status})") if exception.is_a?(SystemExit) && recorder
      lines = notification.message_lines
      trace = lines.empty? ? notification.fully_formatted(1) : (lines + notification.formatted_backtrace).join("\n")
      report(notification, status: assertion?(exception) ? 'failed' : 'error', message: message_of(exception),
                           type: exception.class.name.to_s, trace: trace.strip)
    end

    private

    def report(notification, fields)
      self.class.running = nil
      self.class.recorder && self.class.recorder.test_case(self.class.describe(notification.example).merge(fields))
    end

    ASSERTIONS = %w[RSpec::Expectations::ExpectationNotMetError RSpec::Expectations::MultipleExpectationsNotMetError
                    RSpec::Mocks::MockExpectationError RSpec::Core::Pending::PendingExampleFixedError
                    Minitest::Assertion Test::Unit::AssertionFailedError].freeze

    def assertion?(exception)
      exception.class.ancestors.any? { |type| ASSERTIONS.include?(type.name) }
    end

    def message_of(exception)
      return exception.message.to_s.strip unless exception.respond_to?(:all_exceptions)

      exception.all_exceptions.map { |each| each.message.to_s.strip }.join("\n\n")
    end
  end
end
