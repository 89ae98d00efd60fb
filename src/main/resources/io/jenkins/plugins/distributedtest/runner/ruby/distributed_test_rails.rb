# frozen_string_literal: true

module DistributedTest
  # What Rails (6.0 and later) does in each process that its `parallelize` makes, since a worker is such a process: it calls
  # the blocks of `parallelize_setup`, of which Active Record's own gives the process databases of its own (`shop_test-0`),
  # with the schema loaded; at the end those of `parallelize_teardown`. It is done also where the project does not call
  # `parallelize`, as with RSpec: workers that share a database would meet each other's rows.
  #
  # Not done: for the only worker of a host; where Gorgon's class of callbacks is called, which sees to it; where
  # PARALLEL_WORKERS is 1, which is Rails' own way to have one process. Databases are left alone where their configuration
  # tells workers apart by itself, and in memory.
  class RailsWorker
    ONE_PROCESS = ENV['PARALLEL_WORKERS'] == '1'

    class << self
      # That of this process; nil before it has begun.
      attr_accessor :current
    end

    # @param slots how many workers the listener has
    # @param callbacks whether a class of callbacks is called in this process
    def initialize(slots, callbacks)
      @number = Integer(ENV['GORGON_WORKER_ID'] || 1) - 1
      @over = ONE_PROCESS || callbacks || slots == 1 && @number.zero?
    end

    # Before the first test; once, as soon as the application is loaded.
    #
    # @raise SetupFailed for each file, if Rails cannot do it
    def set_up
      return if @over || !rails?
      raise @failure if @failure

      call_hooks
      @over = @done = true
    end

    # After the last test.
    def tear_down
      parallelization.run_cleanup_hooks.each { |hook| hook.call(@number) } if @done && parallelization
    end

    private

    def rails?
      defined?(::Rails) && ::Rails.respond_to?(:application) && ::Rails.application && ::Rails.application.initialized?
    end

    def parallelization
      ::ActiveSupport::Testing::Parallelization if defined?(::ActiveSupport::Testing::Parallelization)
    end

    def call_hooks
      databases = databases?
      return say_shared if databases && !makes_databases?

      ::ActiveRecord::TestDatabases if databases # brings its hook
      hooks = parallelization ? parallelization.after_fork_hooks : []
      hooks.each { |hook| hook.call(@number) if databases || !active_records?(hook) }
    rescue SystemExit, StandardError, LoadError => e
      raise @failure = SetupFailed, "Rails cannot set up a worker of its own (parallelize_setup): #{Frames.text(e)}"
    end

    def active_records?(hook)
      hook.source_location.to_a[0].to_s.end_with?('active_record/test_databases.rb')
    end

    # Whether there are databases that workers could meet in.
    def databases?
      defined?(::ActiveRecord::Base) && !told_apart? && names.any? { |each| !each.match?(/:memory:|mode=memory/) }
    end

    def names
      all = ::ActiveRecord::Base.configurations
      return [all[::Rails.env].to_s] unless all.respond_to?(:configs_for) # before 6.0

      all.configs_for(env_name: ::Rails.env).map { |each| (each.respond_to?(:database) ? each.database : each.config['database']).to_s }
    end

    # TEST_ENV_NUMBER is the convention of parallel_tests, which says something only where somebody sets it.
    def told_apart?
      text = Dir[::Rails.root.join('config', 'database*.yml').to_s].map { |each| File.binread(each) }.join
      text.match?(/GORGON_WORKER_ID|DISTRIBUTED_TEST_SLOT/) || text.include?('TEST_ENV_NUMBER') && ENV.key?('TEST_ENV_NUMBER')
    end

    def makes_databases?
      defined?(::ActiveRecord::TestDatabases) && Dir[::Rails.root.join('db', '*{schema.rb,structure.sql}').to_s].any?
    end

    def say_shared
      puts 'distributed-test: not made: a test database for each worker, since there is no db/schema.rb or structure.sql, or ' \
           'Rails is older than 6.0. The workers of a host share one; callbacks can make others (GORGON_WORKER_ID).'
    end
  end
end
