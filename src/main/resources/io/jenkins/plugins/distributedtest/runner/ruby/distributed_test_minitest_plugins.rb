# frozen_string_literal: true

module DistributedTest
  # Minitest's plugins, as Minitest.run has them: loaded when the first file's tests are there, since they may look for
  # what a helper has loaded; set up once in a process; their reporters see every test and say at the end whether the run
  # is well. What they would print goes nowhere: reporting is ours.
  class MinitestPlugins
    # @param args options of the command
    def initialize(args)
      @args = args
      @ready = []
      @reporters = nil
      # An option may be one of a plugin's, so those are loaded first where there is any.
      load unless args.empty?
      process
    end

    # Minitest's options, the plugins' among them.
    attr_reader :options

    # Loads and sets up what is not yet: a later file may register a plugin of its own.
    def start
      unless @loaded
        load
        process
      end
      fresh = Minitest.extensions - @ready
      set_up(fresh) unless fresh.empty? && @reporters
      @ready |= fresh
    end

    def prerecord(klass, name)
      told { @reporters.prerecord(klass, name) }
    end

    def record(result)
      @failed ||= !result.passed? && !result.skipped?
      told { @reporters.record(result) }
    end

    # Whether a plugin has ended the run by raising Interrupt while it was told of a test, as some do at the first
    # failure.
    def interrupted?
      @interrupted
    end

    # Ends the reporters. Returns what they find wrong with a run all of whose tests have passed.
    def finish
      return [] unless @reporters

      @reporters.report
      return [] if @failed

      @reporters.reporters.reject(&:passed?).map do |each|
        "#{each.class}, a reporter of a Minitest plugin, does not let the run pass"
      end
    end

    private

    # Minitest 6 leaves it to the helper which ones are loaded.
    def load
      @loaded = true
      return if Minitest::VERSION.to_i >= 6 || @args.include?('--no-plugins') || ENV['MT_NO_PLUGINS']

      Minitest.load_plugins
    end

    def process
      @options = Minitest.process_args(@args.dup).merge(io: File.open(File::NULL, 'w'))
    rescue SystemExit
      raise SetupFailed, "Minitest does not take these options: #{@args.join(' ')}"
    end

    def set_up(extensions)
      all = Minitest.extensions
      reporters = @reporters || standard
      Minitest.reporter = reporters
      Minitest.extensions = extensions
      Minitest.init_plugins(options)
      reporters.reporters.reject! { |each| STANDARD.include?(each.class.name) }
      reporters.start unless @reporters
      @reporters = reporters
    ensure
      Minitest.extensions = all
      Minitest.reporter = nil
    end

    STANDARD = %w[Minitest::SummaryReporter Minitest::ProgressReporter].freeze

    # Those that plugins expect to find, and may take away.
    def standard
      Minitest::CompositeReporter.new.tap do |reporters|
        STANDARD.each { |each| reporters << Object.const_get(each).new(options[:io], options) }
      end
    end

    def told
      yield
    rescue Interrupt
      @interrupted = true
      raise
    end
  end
end
