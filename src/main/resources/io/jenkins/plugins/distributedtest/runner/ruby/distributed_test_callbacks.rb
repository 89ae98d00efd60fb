# frozen_string_literal: true

# Gorgon's callbacks: a Ruby file of the project's that sets `Gorgon.callbacks` to an object whose methods are the
# callbacks. Used in two ways: by the Ruby runners, which call what belongs into their processes themselves, and as a
# program that runs one callback:
#
#   ruby distributed_test_callbacks.rb FILE METHOD
#
# which exits 0 when the callback returned, and 1 with its exception on standard error when it raised. A String that
# it returns is written to the file that DISTRIBUTED_TEST_RESULT_FILE names (standard output belongs to the callback).

# The public face of Gorgon that a callbacks file uses. `require 'gorgon'` finds the file of that name beside this
# one, so the gem need not be there.
module Gorgon
  # A callback that is not overridden does nothing.
  class DefaultCallbacks
    %i[before_originate after_sync before_creating_workers before_start after_complete after_creating_workers
       after_job_finishes].each { |name| define_method(name) { nil } }
  end

  class << self
    attr_accessor :callbacks
  end
end

$LOAD_PATH.unshift(__dir__) unless $LOAD_PATH.include?(__dir__)

module DistributedTest
  # What a callbacks file finds loaded where Gorgon calls it: the standard libraries that Gorgon and its gems require, and
  # open4. The file that `gorgon init rails` writes relies on it.
  module GorgonsWorld
    LIBRARIES = %w[benchmark digest/md5 digest/sha1 etc fcntl fileutils json logger monitor observer openssl optparse
                   ostruct rbconfig securerandom set singleton socket stringio thread time timeout tmpdir uri].freeze

    def self.prepare
      LIBRARIES.each do |name|
        begin
          require name
        rescue LoadError
          next # Newer Rubies have some of them as gems.
        end
      end
      # Last, so that a bundle's own gem of that name goes first.
      stand_ins = File.join(__dir__, 'stand_ins')
      $LOAD_PATH.push(stand_ins) unless $LOAD_PATH.include?(stand_ins)
      Object.autoload(:Open4, 'open4') unless Object.const_defined?(:Open4)
    end
  end
end

module DistributedTest
  # The callbacks of one file, loaded anew for each process: nothing is remembered from one job to the next.
  class Callbacks
    NAMES = Gorgon::DefaultCallbacks.public_instance_methods(false)

    # A callback raised, or the file does not load.
    class Failed < StandardError; end

    def initialize(file)
      @file = file
      Gorgon.callbacks = Gorgon::DefaultCallbacks.new
      GorgonsWorld.prepare
      guard("The callbacks file #{file} does not load") { load(File.expand_path(file)) }
    end

    # Calls one and returns what it returns; one that the object does not have counts as empty.
    def call(name)
      raise ArgumentError, "no callback is called #{name}; there are: #{NAMES.join(', ')}" unless NAMES.include?(name)
      return unless Gorgon.callbacks.respond_to?(name)

      guard("The callback #{name} of #{@file} failed") { Gorgon.callbacks.public_send(name) }
    end

    private

    def guard(what)
      process = Process.pid
      yield
    rescue SystemExit => e
      raise if Process.pid != process # a child that the callback forked
      raise Failed, "#{what}: it called exit(#{e.status})" unless e.success?
    rescue SignalException, NoMemoryError
      raise
    rescue Exception => e # rubocop:disable Lint/RescueException -- a callback may raise anything
      raise Failed, "#{what}: #{e.message} (#{e.class})\n#{Array(e.backtrace).join("\n")}"
    end
  end

  # The program.
  module RunCallback
    def self.main(args)
      result_file = ENV.delete('DISTRIBUTED_TEST_RESULT_FILE')
      abort "usage: ruby #{$PROGRAM_NAME} FILE METHOD" unless args.length == 2
      result = Callbacks.new(args[0]).call(args[1].to_sym)
      File.binwrite(result_file, result) if result_file && result.is_a?(String)
    rescue Callbacks::Failed, ArgumentError => e
      abort e.message
    end
  end
end

if $PROGRAM_NAME == __FILE__
  arguments = ARGV.dup
  ARGV.clear
  DistributedTest::RunCallback.main(arguments)
end
