# frozen_string_literal: true

# A runner process for Ruby: a preloader, which loads framework and application once and forks a worker per slot, or a
# worker that stands alone (where the platform cannot fork).
#
#   ruby distributed_test_main.rb
#
# Environment, taken away before any code of the project's runs:
#   DISTRIBUTED_TEST_PORT, DISTRIBUTED_TEST_TOKEN   where to report
#   DISTRIBUTED_TEST_SLOT                           the slot of a worker that stands alone
#   DISTRIBUTED_TEST_RUNNER_CONFIG                  {"runner", "role", "args", "preload", "callbacks_class_file",
#                                                    "run_ruby_callbacks", "slots", "required", "together", "isolation"}

require_relative 'distributed_test_json'
require_relative 'distributed_test_control'
require_relative 'distributed_test_worker'
require_relative 'distributed_test_preloader'

module DistributedTest
  # The process's settings and its life as a whole.
  module Main
    ADAPTERS = {
      'rspec' => ['distributed_test_rspec', :RSpecAdapter],
      'minitest' => ['distributed_test_minitest', :MinitestAdapter],
      'test-unit' => ['distributed_test_test_unit', :TestUnitAdapter]
    }.freeze

    # What test code sees as the program's name ($0), and OptionParser tells its users: the framework's own command, or
    # the script of rake's test task.
    PROGRAMS = { 'rspec' => 'rspec' }.freeze

    def self.run
      port = Integer(ENV.delete('DISTRIBUTED_TEST_PORT'))
      token = ENV.delete('DISTRIBUTED_TEST_TOKEN')
      config = Json.parse(ENV.delete('DISTRIBUTED_TEST_RUNNER_CONFIG'))
      slot = Integer(ENV['DISTRIBUTED_TEST_SLOT'] || 0)
      $PROGRAM_NAME = PROGRAMS.fetch(config['runner'], 'rake_test_loader.rb')
      lead_group
      STDOUT.sync = STDERR.sync = true
      ExitWatch.install
      control = Control.new(port, token, config['role'], slot)
      application = Application.new(config, adapter(config['runner']))
      if config['role'] == 'preloader'
        Preloader.new(control, application).run
      else
        Worker.new(control, application).run_alone
      end
    end

    # A group of its own, so that all that it starts can be killed with it.
    def self.lead_group
      Process.setsid if Process.respond_to?(:setsid)
    rescue SystemCallError, NotImplementedError
      nil # It leads one already.
    end

    def self.adapter(runner)
      file, name = ADAPTERS.fetch(runner)
      require_relative file
      DistributedTest.const_get(name).new
    end
  end
end

DistributedTest::Main.run
